import { describe, expect, it } from "vitest";
import { callRoute } from "../../test/call-route.ts";
import { json, stream } from "../http/reply.ts";
import type { Reply } from "../http/route.ts";
import { noLog } from "../util/log.ts";
import { timed } from "./performance-log.ts";

function routes(reply: () => Reply) {
  const told: string[] = [];
  const log = { ...noLog, info: (text: string) => void told.push(text) };
  const route = { method: "GET", path: "/studies/{study}", tag: "", summary: "", handle: reply } as const;
  return { told, routes: [timed(route, log)] };
}

describe("the performance log", () => {
  it("tells of each answer when its last byte was read", async () => {
    let toldBefore = 0;
    const { told, routes: table } = routes(() =>
      stream(
        "text/plain",
        (async function* () {
          yield await Promise.resolve(Buffer.from("a"));
          toldBefore = told.length;
          yield Buffer.from("b");
        })(),
      ),
    );
    expect((await callRoute(table, "GET /studies/1")).text()).toBe("ab");
    expect(toldBefore).toBe(0);
    expect(told).toEqual([expect.stringMatching(/^GET \/studies\/1 took \d+\.\d ms$/)]);
  });

  it("tells of answers that are whole", async () => {
    const { told, routes: table } = routes(() => json({}));
    expect((await callRoute(table, "GET /studies/2")).text()).toBe("{}");
    expect(told).toHaveLength(1);
  });
});
