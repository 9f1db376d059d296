import { expect, it } from "vitest";
import { ServerError } from "../../plugin-api.ts";
import { networkProblem } from "./network-problem.ts";
import { networkError } from "./test/scripted-http.ts";

it.each([
  ["dns", "dns"],
  ["tcp", "connection"],
  ["proxy", "connection"],
  ["tls", "tls"],
  ["timeout", "connection"],
  ["http", "connection"],
  ["unheard-of", "connection"],
])("puts an error of the client's layer %s on layer %s, to be retried", (clientLayer, layer) => {
  expect(networkProblem(networkError(clientLayer, "a.example: what happened"), "a.example")).toMatchObject({
    state: "retrying",
    layer,
    reason: "a.example: what happened",
  });
});

it("knows a timeout without a layer", () => {
  const { remedy } = networkProblem(new ServerError("Timeout", "60 s"), "a.example");
  expect(remedy).toContain("raise Timeout");
});

it("does not quote errors of unknown origin", () => {
  const { reason } = networkProblem(new TypeError("Invalid header: SECRET"), "a.example");
  expect(reason).toBe("a.example: the request failed");
});
