import { describe, expect, test } from "vitest";
import { fakeRequest, responsesOf } from "../../test/scp/fake-request.ts";
import { AbortAssociation, type IncomingRequest } from "../dimse/association.ts";
import { commandFields, type CommandName } from "../dimse/command-set.ts";
import { ServerError } from "../util/errors.ts";
import { noLog } from "../util/log.ts";
import { echo } from "./echo.ts";
import { requestHandler, type Service } from "./request-handler.ts";
import { createTurns } from "./turns.ts";

const verification = "1.2.840.10008.1.1";
const studyRootFind = "1.2.840.10008.5.1.4.1.2.2.1";

const echoService: Service = {
  operation: "C-ECHO-RQ",
  permission: "Echo",
  takesTurns: false,
  failure: 0x0110,
  answer: echo,
};
const findService: Service = {
  ...echoService,
  operation: "C-FIND-RQ",
  kind: "FIND",
  permission: "Find",
  takesTurns: true,
  failure: 0xc000,
};

function handlerOf(services: readonly Service[], may = true) {
  const measured: CommandName[] = [];
  const handle = requestHandler({
    services,
    access: { may: () => may },
    turns: createTurns(1),
    measured: (operation) => measured.push(operation),
    log: noLog,
  });
  return { handle, measured };
}

const failing = (reason: Error): Service["answer"] =>
  async function* () {
    yield await Promise.reject(reason);
  };

const requestOf = (operation: CommandName, abstractSyntax = verification): IncomingRequest =>
  fakeRequest({ abstractSyntax, command: { CommandField: commandFields[operation] } });

describe("requests", () => {
  test("are answered by their service and measured", async () => {
    const { handle, measured } = handlerOf([echoService]);
    expect(await responsesOf(handle, requestOf("C-ECHO-RQ"))).toEqual([{ command: { Status: 0x0000 } }]);
    expect(measured).toEqual(["C-ECHO-RQ"]);
  });

  /** PS3.7 §C.4.2, §C.5.22 */
  test.each([
    { what: "an operation that is not served", request: requestOf("N-CREATE-RQ"), status: 0x0211 },
    { what: "an operation in a context of something else", request: requestOf("C-FIND-RQ"), status: 0x0122 },
  ])("$what is refused", async ({ request, status }) => {
    const { handle } = handlerOf([echoService, findService]);
    expect(await responsesOf(handle, request)).toEqual([{ command: { Status: status } }]);
  });

  test("that the caller may not make abort the association", async () => {
    const { handle } = handlerOf([echoService], false);
    await expect(responsesOf(handle, requestOf("C-ECHO-RQ"))).rejects.toThrow(AbortAssociation);
  });

  test("that fail tell why, in 64 characters of ASCII", async () => {
    const error = new ServerError("BadRequest", `the level "é\\" is none${"!".repeat(100)}`);
    const { handle } = handlerOf([{ ...findService, answer: failing(error) }]);
    const [response] = await responsesOf(handle, requestOf("C-FIND-RQ", studyRootFind));
    expect(response?.command.Status).toBe(0xc000);
    expect(response?.command.ErrorComment).toBe(`the level "??" is none${"!".repeat(42)}`);
    expect(response?.command.ErrorComment).toHaveLength(64);
  });

  test("that fail unexpectedly are left to the association", async () => {
    const { handle } = handlerOf([{ ...echoService, answer: failing(new TypeError("a mistake of ours")) }]);
    await expect(responsesOf(handle, requestOf("C-ECHO-RQ"))).rejects.toThrow("a mistake of ours");
  });

  test("wait for their turn, which ends when they are answered or given up", async () => {
    const gate = Promise.withResolvers<void>();
    let begun = 0;
    const answer: Service["answer"] = async function* () {
      begun += 1;
      yield { command: { Status: 0xff00 } };
      await gate.promise;
      yield { command: { Status: 0x0000 } };
    };
    const { handle } = handlerOf([{ ...findService, answer }, echoService]);
    const first = handle(requestOf("C-FIND-RQ", studyRootFind))[Symbol.asyncIterator]();
    await first.next();
    const second = responsesOf(handle, requestOf("C-FIND-RQ", studyRootFind));
    expect(await responsesOf(handle, requestOf("C-ECHO-RQ"))).toHaveLength(1);
    expect(begun).toBe(1);
    await first.return?.();
    gate.resolve();
    expect(await second).toHaveLength(2);
  });
});
