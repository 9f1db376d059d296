import { beforeEach, describe, expect, test } from "vitest";
import { callRoute } from "../../test/call-route.ts";
import { acceptedByDicomRoutes } from "./accepted-by-dicom-routes.ts";

let patterns: readonly string[];
let unknownAccepted: boolean;
const routes = acceptedByDicomRoutes({
  transferSyntaxes: {
    list: () => patterns,
    set: (wanted) => {
      patterns = wanted;
    },
  },
  sopClasses: {
    list: () => ["1.2.840.10008.5.1.4.1.1.2"],
    unknownAccepted: () => unknownAccepted,
    setUnknownAccepted: (accepted) => {
      unknownAccepted = accepted;
    },
  },
});

beforeEach(() => {
  patterns = ["1.2.840.10008.1.*"];
  unknownAccepted = false;
});

describe("/tools/accepted-transfer-syntaxes", () => {
  test.each([
    { body: '["1.2.840.10008.1.2", "1.2.840.10008.1.2.4.*"]', set: ["1.2.840.10008.1.2", "1.2.840.10008.1.2.4.*"] },
    { body: '"1.2.840.10008.1.2"', set: ["1.2.840.10008.1.2"] },
    { body: "1.2.840.10008.1.2.4.9?\n", set: ["1.2.840.10008.1.2.4.9?"] },
    { body: "[]", set: [] },
  ])("is set by $body", async ({ body, set }) => {
    const reply = await callRoute(routes, "PUT /tools/accepted-transfer-syntaxes", { body });
    expect(reply.json()).toEqual(set);
    expect((await callRoute(routes, "GET /tools/accepted-transfer-syntaxes")).json()).toEqual(set);
  });

  test.each(['{"a": 1}', "[1]", "nonsense", ""])("is not set by %s", async (body) => {
    expect((await callRoute(routes, "PUT /tools/accepted-transfer-syntaxes", { body })).status).toBe(400);
    expect(patterns).toEqual(["1.2.840.10008.1.*"]);
  });
});

test("/tools/accepted-sop-classes lists UIDs", async () => {
  expect((await callRoute(routes, "GET /tools/accepted-sop-classes")).json()).toEqual(["1.2.840.10008.5.1.4.1.1.2"]);
});

describe("/tools/unknown-sop-class-accepted", () => {
  test("is read and set", async () => {
    const get = async () => (await callRoute(routes, "GET /tools/unknown-sop-class-accepted")).text();
    expect(await get()).toBe("0");
    const reply = await callRoute(routes, "PUT /tools/unknown-sop-class-accepted", { body: "1" });
    expect(reply).toMatchObject({ status: 200 });
    expect(reply.text()).toBe("");
    expect(await get()).toBe("1");
  });

  test("is not set by anything else", async () => {
    expect((await callRoute(routes, "PUT /tools/unknown-sop-class-accepted", { body: "banana" })).status).toBe(400);
  });
});
