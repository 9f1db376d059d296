import { describe, expect, it } from "vitest";
import { tagsDataset, worklistTags } from "../../../test/worklists/sample-worklist.ts";
import { toOrthancJson } from "../../dicom/orthanc-json.ts";
import { noLog } from "../../util/log.ts";
import { worklistSearch } from "./search.ts";
import { readSettings, type WorklistSettings } from "./settings.ts";
import type { WorklistStore } from "./store.ts";

const defaults = readSettings({ section: (name) => (name === "Worklists" ? { Directory: "folder" } : undefined) });
const caller = { callingAet: " CT1 ", calledAet: "GREYHAVEN", remoteIp: "127.0.0.1" };

const unused = () => Promise.reject(new Error("only read here"));

function storeOf(worklists: readonly object[]): WorklistStore {
  return {
    async *all() {
      await Promise.resolve();
      yield* worklists.map((tags, at) => ({ id: String(at), dataset: tagsDataset(tags) }));
    },
    get: unused,
    put: unused,
    delete: unused,
  };
}

interface Asked {
  readonly settings?: Partial<WorklistSettings>;
  readonly log?: string[];
}

/** The answers as Orthanc prints them without their character set, then how the search ended. */
async function ask(worklists: readonly object[], query: object, { settings = {}, log = [] }: Asked = {}) {
  const search = worklistSearch(
    storeOf(worklists),
    { ...defaults, ...settings },
    {
      ...noLog,
      info: (message) => void log.push(message),
    },
  );
  const answers = search(tagsDataset(query), caller)[Symbol.asyncIterator]();
  const found: object[] = [];
  for (;;) {
    const next = await answers.next();
    if (next.done === true) return { found, end: next.value };
    const { SpecificCharacterSet: _, ...tags } = toOrthancJson(next.value, "simple");
    found.push(tags);
  }
}

const worklists = [
  worklistTags("1"),
  worklistTags("2", { ScheduledStationAETitle: "MR1", Modality: "MR" }),
  worklistTags("3"),
  worklistTags("4", { ScheduledStationAETitle: "" }),
];
const ids = async (query: object, asked?: Asked) =>
  (await ask(worklists, { PatientID: "", ...query }, asked)).found.map((tags) => Object.values(tags)[0] as unknown);

describe("the search of worklists", () => {
  it("gives what matches", async () => {
    const query = { PatientName: "patient*", ScheduledProcedureStepSequence: [{ Modality: "MR" }] };
    expect(await ask(worklists, query)).toEqual({
      found: [{ PatientName: "Patient^2", ScheduledProcedureStepSequence: [{ Modality: "MR" }] }],
      end: undefined,
    });
  });

  it("notices the limit after one answer more, as Orthanc", async () => {
    const ends = [2, 4, 0].map(async (limitAnswers) => {
      const { found, end } = await ask(worklists, { PatientID: "" }, { settings: { limitAnswers } });
      return [found.length, end];
    });
    expect(await Promise.all(ends)).toEqual([
      [3, "incomplete"],
      [4, undefined],
      [4, undefined],
    ]);
  });

  it("compares names with regard to case when told so", async () => {
    const settings = { caseSensitivePersonNames: true };
    expect(await ids({ PatientName: "patient*" }, { settings })).toEqual([]);
  });

  it("logs the matches when told so", async () => {
    const log: string[] = [];
    await ask(worklists, { PatientID: "3" }, { settings: { logMatches: true }, log });
    await ask(worklists, { PatientID: "3" }, { log });
    expect(log).toEqual([expect.stringContaining("worklist 2 matches")]);
  });

  describe("with FilterIssuerAet", () => {
    const settings = { filterIssuerAet: true };

    it.each([
      ["no step", {}],
      ["no item", { ScheduledProcedureStepSequence: [] }],
      ["no station", { ScheduledProcedureStepSequence: [{ Modality: "" }] }],
      ["an empty station", { ScheduledProcedureStepSequence: [{ ScheduledStationAETitle: "" }] }],
      ["any station", { ScheduledProcedureStepSequence: [{ ScheduledStationAETitle: "*" }] }],
    ])("gives a caller that asks for %s its own worklists", async (_, query) => {
      expect(await ids(query, { settings })).toEqual(["1", "3"]);
    });

    it("gives a caller the station that it asks for", async () => {
      const query = { ScheduledProcedureStepSequence: [{ ScheduledStationAETitle: "MR1" }] };
      expect(await ids(query, { settings })).toEqual(["2"]);
    });

    it("hides the steps of other stations", async () => {
      const two = worklistTags("1", {}, { ScheduledStationAETitle: "MR1", Modality: "MR" });
      const steps = async (Modality: string) =>
        (await ask([two], { ScheduledProcedureStepSequence: [{ Modality }] }, { settings })).found;
      expect(await steps("")).toEqual([{ ScheduledProcedureStepSequence: [{ Modality: "CT" }] }]);
      expect(await steps("MR")).toEqual([]);
    });

    it("drops an empty PregnancyStatus from the query", async () => {
      const [first = {}] = worklists;
      const pregnant = [{ ...first, PregnancyStatus: 4 }];
      const asked = async (value: unknown) => (await ask(pregnant, { PregnancyStatus: value }, { settings })).found;
      expect([await asked(""), await asked(4)]).toEqual([[{}], [{ PregnancyStatus: "4" }]]);
    });
  });
});
