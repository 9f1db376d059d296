import { expect, it } from "vitest";
import { compatibility } from "../../tools/compatibility/compatibility.ts";
import { absences, routeRows } from "../../tools/compatibility/route-states.ts";

/** Options of the pages of Orthanc Explorer 2, whose place the web interface takes. */
const ofPages = /^OrthancExplorer2(\/|$)/;

it("has every route of Orthanc, or says why not", async () => {
  const rows = await routeRows();
  const absent = rows.filter(({ state }) => state === "absent");
  expect(
    absent.filter(({ reason }) => reason === undefined).map(({ method, route }) => `${method} ${route.path}`),
  ).toEqual([]);
  // A reason for what is there is to be deleted.
  expect(absences.filter(({ reason }) => !absent.some((row) => row.reason === reason))).toEqual([]);
  expect(rows.length).toBeGreaterThan(300);
});

it("has every option of Orthanc that must or should be there, or says why it has no effect", async () => {
  const { options } = await compatibility();
  const missing = options.filter(
    ({ section, importance, state, reason }) =>
      importance !== "rare" &&
      !ofPages.test(section) &&
      (state === "absent" || state === "known" || (state === "without-effect" && reason === undefined)),
  );
  expect(missing.map(({ section, name }) => `${section}.${name}`)).toEqual([]);
  expect(options.filter(({ state }) => state === "absent")).toEqual([]);
});
