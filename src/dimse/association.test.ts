import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import {
  associateInMemory,
  collect,
  collectBytes,
  ctImageStorage,
  studyRootFind,
  verification,
} from "../../test/dimse/memory-association.ts";
import type { Log } from "../util/log.ts";
import { noLog } from "../util/log.ts";
import { AbortAssociation, type IncomingRequest, type OutgoingRequest, type RequestHandler } from "./association.ts";
import { commandFields } from "./command-set.ts";
import { statuses } from "./statuses.ts";

const echo: OutgoingRequest = {
  contextId: 1,
  command: { CommandField: commandFields["C-ECHO-RQ"], AffectedSOPClassUID: verification },
};
const store = (dataset: OutgoingRequest["dataset"]): OutgoingRequest => ({
  contextId: 3,
  command: {
    CommandField: commandFields["C-STORE-RQ"],
    Priority: 0,
    AffectedSOPClassUID: ctImageStorage,
    AffectedSOPInstanceUID: "1.2.3",
  },
  ...(dataset !== undefined && { dataset }),
});
const find = (cancel?: AbortSignal): OutgoingRequest => ({
  contextId: 5,
  command: { CommandField: commandFields["C-FIND-RQ"], Priority: 0, AffectedSOPClassUID: studyRootFind },
  dataset: Buffer.from("identifier"),
  ...(cancel && { cancel }),
});

const success = { command: { Status: statuses.success } };
const pending = (dataset: string) => ({ command: { Status: statuses.pending }, dataset: Buffer.from(dataset) });
/** How a handler may give its pending responses. */
const manners: readonly (readonly [string, (datasets: Iterable<Buffer>) => RequestHandler])[] = [
  [
    "given one by one",
    (datasets) =>
      async function* () {
        for (const dataset of datasets) yield { command: { Status: statuses.pending }, dataset };
        yield success;
      },
  ],
  [
    "given as a run",
    (datasets) =>
      async function* () {
        yield { command: { Status: statuses.pending }, datasets };
        yield success;
      },
  ],
];
const statusesOf = async (responses: AsyncIterable<{ readonly command: { readonly Status: number } }>) =>
  (await collect(responses)).map(({ command }) => command.Status);

const untilCancelled: RequestHandler = async function* ({ signal }) {
  for (let index = 0; !signal.aborted; index += 1) {
    yield pending(`answer ${index}`);
    await turn();
  }
  yield { command: { Status: statuses.cancelled } };
};

async function* respond(response: typeof success) {
  yield response;
}

async function* endless() {
  for (;;) {
    yield Buffer.alloc(50_000);
    await turn();
  }
}

async function* failing(size: number) {
  yield Buffer.alloc(size);
  throw new Error("the source is broken");
}

/** The answer of a handler that never comes. */
const never = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) };

/** A handler that fails before its first response. */
function throwing(reason: Error): RequestHandler {
  return async function* () {
    yield await Promise.reject(reason);
  };
}

describe("requests and responses", () => {
  it("the requestor gets the response that the handler gives, with the elements that belong to it", async () => {
    const { requestor } = await associateInMemory();
    expect(await collect(requestor.request(echo))).toEqual([
      {
        command: {
          AffectedSOPClassUID: verification,
          CommandField: 0x8030,
          MessageIDBeingRespondedTo: 1,
          CommandDataSetType: 0x0101,
          Status: 0,
        },
        dataset: undefined,
      },
    ]);
    await requestor.release();
    expect(requestor.isOpen).toBe(false);
  });

  it("the handler sees the request and who sent it", async () => {
    const seen = Promise.withResolvers<IncomingRequest>();
    const { requestor } = await associateInMemory({
      handle: async function* (request) {
        seen.resolve(request);
        yield success;
      },
    });
    await collect(requestor.request(store(Buffer.from("dataset"))));
    const request = await seen.promise;
    expect(request.command).toEqual({
      AffectedSOPClassUID: ctImageStorage,
      CommandField: 1,
      MessageID: 1,
      Priority: 0,
      CommandDataSetType: 0,
      AffectedSOPInstanceUID: "1.2.3",
    });
    expect(request.context).toMatchObject({ id: 3, abstractSyntax: ctImageStorage, requestorIsSCU: true });
    expect(request.association).toMatchObject({
      side: "acceptor",
      callingAet: "REQUESTOR",
      calledAet: "ACCEPTOR",
      remoteIp: "192.0.2.1",
    });
  });

  const dataset = Buffer.from(Array.from({ length: 100_001 }, (_, index) => index % 253));
  async function* inPieces(size: number) {
    for (let at = 0; at < dataset.length; at += size) yield dataset.subarray(at, at + size);
  }
  it.each([
    ["in one piece", dataset],
    ["in pieces of 1001 bytes", inPieces(1001)],
    ["in pieces of 40000 bytes", inPieces(40_000)],
    ["of 3 MB in one piece", Buffer.concat(Array.from({ length: 30 }, () => dataset))],
  ])("a dataset %s arrives whole", async (_, sent) => {
    let received: Buffer | undefined;
    const { requestor } = await associateInMemory({
      handle: async function* ({ dataset }) {
        if (dataset !== undefined) received = await collectBytes(dataset);
        yield success;
      },
    });
    expect(await statusesOf(requestor.request(store(sent)))).toEqual([0]);
    expect(received?.equals(sent instanceof Uint8Array ? sent : dataset)).toBe(true);
  });

  it("a dataset that the handler does not read is dropped, and the next request is answered", async () => {
    const { requestor } = await associateInMemory();
    const large = Buffer.alloc(2_000_000);
    for (let count = 0; count < 3; count += 1) {
      expect(await statusesOf(requestor.request(store(large)))).toEqual([0]);
    }
  });

  it.each(manners)("pending responses come with their datasets, in order, in few writes, %s", async (_, answering) => {
    const answers = Array.from({ length: 120 }, (_, index) => `answer ${index}`);
    const { requestor, sockets } = await associateInMemory({
      handle: answering(answers.map((text) => Buffer.from(text))),
    });
    let writes = 0;
    sockets.requestor.on("data", () => {
      writes += 1;
    });
    const responses = await collect(requestor.request(find()));
    expect(responses.slice(0, -1).map((response) => response.dataset?.toString())).toEqual(answers);
    expect(responses.at(-1)).toMatchObject({ command: { Status: 0 }, dataset: undefined });
    expect(writes).toBe(1);
  });

  it("requests of several callers wait for each other", async () => {
    let underway = 0;
    let most = 0;
    const { requestor } = await associateInMemory({
      handle: async function* () {
        underway += 1;
        most = Math.max(most, underway);
        await turn();
        underway -= 1;
        yield success;
      },
    });
    const answers = await Promise.all(Array.from({ length: 10 }, () => statusesOf(requestor.request(echo))));
    expect(answers.flat()).toEqual(Array.from({ length: 10 }, () => 0));
    expect(most).toBe(1);
  });

  it("run side by side in an asynchronous window (PS3.7 §D.3.3.3)", async () => {
    const all = Promise.withResolvers<void>();
    let underway = 0;
    const { requestor } = await associateInMemory(
      {
        handle: async function* ({ dataset }) {
          if (dataset !== undefined) await collectBytes(dataset);
          underway += 1;
          if (underway === 4) all.resolve();
          await all.promise;
          yield success;
        },
      },
      { window: { invoked: 4, performed: 1 } },
    );
    const large = Buffer.alloc(600_000);
    const answers = await Promise.all(Array.from({ length: 4 }, () => statusesOf(requestor.request(store(large)))));
    expect(answers).toEqual([[0], [0], [0], [0]]);
  });

  it("a handler may send requests on the association that it serves (C-GET)", async () => {
    const stored: string[] = [];
    const { requestor } = await associateInMemory(
      {
        handle: async function* ({ association }) {
          for (const content of ["one", "two"]) {
            const [status] = await statusesOf(association.request(store(Buffer.from(content))));
            yield { command: { Status: statuses.pending, NumberOfCompletedSuboperations: Number(status === 0) } };
          }
          yield success;
        },
      },
      {
        handle: async function* ({ dataset }) {
          if (dataset !== undefined) stored.push((await collectBytes(dataset)).toString());
          yield success;
        },
      },
    );
    expect(await statusesOf(requestor.request(find()))).toEqual([0xff00, 0xff00, 0]);
    expect(stored).toEqual(["one", "two"]);
  });

  it("a request that nobody handles is refused (PS3.7 §C.5.18)", async () => {
    let status: number | undefined;
    const { requestor } = await associateInMemory({
      handle: async function* ({ association }) {
        [status] = await statusesOf(association.request(echo));
        yield success;
      },
    });
    await collect(requestor.request(echo));
    expect(status).toBe(0x0211);
  });
});

describe("C-CANCEL (PS3.7 §9.3.2.3)", () => {
  it("aborts the signal of the request, whose final response is waited for", async () => {
    const { requestor } = await associateInMemory({ handle: untilCancelled });
    const cancel = new AbortController();
    const seen: number[] = [];
    for await (const { command } of requestor.request(find(cancel.signal))) {
      seen.push(command.Status);
      if (seen.length === 3) cancel.abort();
    }
    expect(seen.at(-1)).toBe(0xfe00);
    expect(await statusesOf(requestor.request(find(AbortSignal.abort())))).toContain(0xfe00);
  });

  it("is sent when the caller stops reading responses, and the association can be used on", async () => {
    const { requestor } = await associateInMemory({
      handle: (request) => (request.dataset === undefined ? respond(success) : untilCancelled(request)),
    });
    for await (const response of requestor.request(find())) {
      expect(response.command.Status).toBe(0xff00);
      break;
    }
    expect(await statusesOf(requestor.request(echo))).toEqual([0]);
  });
});

describe("failures", () => {
  it.each([
    ["throws", throwing(new Error("broken"))],
    [
      "throws after a pending response",
      async function* () {
        yield pending("a");
        throw new Error("broken");
      },
    ],
    [
      "ends without a final response",
      async function* () {
        yield pending("a");
      },
    ],
  ] satisfies [string, RequestHandler][])("a handler that %s is answered by 0x0110 and logged", async (_, handle) => {
    const errors: string[] = [];
    const log: Log = { ...noLog, error: (message) => errors.push(message) };
    const { requestor } = await associateInMemory({ handle, log });
    expect((await statusesOf(requestor.request(find()))).at(-1)).toBe(0x0110);
    expect(errors).toHaveLength(1);
    expect(requestor.isOpen).toBe(true);
  });

  it("AbortAssociation aborts", async () => {
    const { requestor, acceptor } = await associateInMemory({
      handle: throwing(new AbortAssociation("not you")),
    });
    await expect(collect(requestor.request(echo))).rejects.toMatchObject({
      failure: "aborted",
      message: "Aborted by the other side (service-user)",
    });
    await acceptor.ended;
    await requestor.ended;
  });

  it("an abort of the requestor ends handlers, datasets and requests of the acceptor", async () => {
    const seen = Promise.withResolvers<unknown[]>();
    const { requestor, acceptor } = await associateInMemory({
      handle: async function* ({ association, dataset, signal }) {
        const aborted = new Promise((resolve) => signal.addEventListener("abort", resolve));
        const reading = dataset === undefined ? [] : collectBytes(dataset).catch((error: unknown) => error);
        const asking = collect(association.request(echo)).catch((error: unknown) => error);
        requestor.abort("enough");
        await aborted;
        seen.resolve([await reading, await asking, association.isOpen]);
        yield success;
      },
    });
    await expect(collect(requestor.request(store(endless())))).rejects.toMatchObject({
      failure: "aborted",
      message: "enough",
    });
    const failure = expect.objectContaining({ failure: "aborted" });
    expect(await seen.promise).toEqual([failure, failure, false]);
    await acceptor.ended;
  });

  it("a request after the end fails", async () => {
    const { requestor } = await associateInMemory();
    await requestor.release();
    await expect(collect(requestor.request(echo))).rejects.toMatchObject({ failure: "aborted" });
    await requestor.release();
    requestor.abort();
  });

  it.each([1, 3])("a request after a failure fails, though %i were under way or waited", async (length) => {
    const { requestor } = await associateInMemory({ handle: () => never });
    const failed = Promise.allSettled(Array.from({ length }, () => collect(requestor.request(echo))));
    await turn();
    requestor.abort("enough");
    expect((await failed).filter(({ status }) => status === "rejected")).toHaveLength(length);
    await expect(collect(requestor.request(echo))).rejects.toThrow("enough");
  });

  it("a dataset whose source fails before anything was sent spares the association, later it does not", async () => {
    const { requestor } = await associateInMemory();
    await expect(collect(requestor.request(store(failing(10))))).rejects.toThrow("the source is broken");
    expect(await statusesOf(requestor.request(echo))).toEqual([0]);
    await expect(collect(requestor.request(store(failing(100_000))))).rejects.toThrow("the source is broken");
    expect(requestor.isOpen).toBe(false);
  });

  it("a response of more than 64 MiB fails the association", async () => {
    const { requestor } = await associateInMemory({
      maximumPduLength: 0,
      handle: async function* () {
        yield { command: { Status: statuses.pending }, dataset: Buffer.alloc(64 * 1024 * 1024 + 2) };
        yield success;
      },
    });
    await expect(collect(requestor.request(find()))).rejects.toMatchObject({ failure: "protocol" });
  });
});

describe("back-pressure", () => {
  it("a handler that reads slowly holds the sender", async () => {
    const go = Promise.withResolvers<void>();
    let sent = 0;
    const { requestor } = await associateInMemory({
      handle: async function* ({ dataset }) {
        await go.promise;
        if (dataset !== undefined) await collectBytes(dataset);
        yield success;
      },
    });
    async function* pieces() {
      for (; sent < 200; sent += 1) yield Buffer.alloc(65536);
    }
    const answered = statusesOf(requestor.request(store(pieces())));
    for (let turns = 0; turns < 1000; turns += 1) await turn();
    expect(sent).toBeLessThan(20);
    go.resolve();
    expect(await answered).toEqual([0]);
    expect(sent).toBe(200);
  });

  it.each(manners)("a requestor that takes responses slowly holds the handler, %s", async (_, answering) => {
    let given = 0;
    function* datasets() {
      for (; given < 200; given += 1) yield Buffer.alloc(100_000);
    }
    const { requestor } = await associateInMemory({ handle: answering(datasets()) });
    const responses = requestor.request(find())[Symbol.asyncIterator]();
    await responses.next();
    for (let turns = 0; turns < 1000; turns += 1) await turn();
    expect(given).toBeLessThan(40);
    let count = 1;
    while ((await responses.next()).done !== true) count += 1;
    expect(count).toBe(201);
  });
});
