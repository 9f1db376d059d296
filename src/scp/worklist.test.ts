import { describe, expect, test } from "vitest";
import { fakeRequest, responsesOf } from "../../test/scp/fake-request.ts";
import { buildDataset } from "../dicom/build-dataset.ts";
import { SpecificCharacterSet } from "../dicom/charset.ts";
import type { Dataset } from "../dicom/dataset.ts";
import { parseDataset } from "../dicom/parse-dataset.ts";
import { writeDataset } from "../dicom/write.ts";
import { answerWorklist, type WorklistSearch } from "./worklist.ts";

const PatientName = 0x00100010;
const transferSyntaxUID = "1.2.840.10008.1.2";
const items = ["Smith^John", "Miller^Ann"].map((value) => buildDataset([{ tag: PatientName, value }]));

async function ask(search: WorklistSearch, signal = new AbortController().signal) {
  const query = writeDataset(buildDataset([{ tag: PatientName, value: "*" }]), { transferSyntaxUID });
  const request = fakeRequest({ transferSyntaxUID, dataset: [query], signal });
  const parts = { search, charset: () => SpecificCharacterSet.default };
  const responses = await responsesOf((each) => answerWorklist(parts, each), request);
  return {
    statuses: responses.map(({ command }) => command.Status),
    names: responses.flatMap(({ dataset }) =>
      dataset === undefined ? [] : [parseDataset(dataset, { transferSyntaxUID }).text(PatientName)],
    ),
  };
}

const incomplete: WorklistSearch = async function* () {
  yield* items;
  return "incomplete";
};

describe("a worklist query", () => {
  test("is searched with who asks, and the items are answered", async () => {
    const seen: unknown[] = [];
    const search: WorklistSearch = async function* (query: Dataset, caller) {
      seen.push(query.text(PatientName), caller);
      yield* items;
      return undefined;
    };
    expect(await ask(search)).toEqual({ statuses: [0xff00, 0xff00, 0x0000], names: ["Smith^John", "Miller^Ann"] });
    expect(seen).toEqual(["*", { callingAet: "REMOTE", calledAet: "GREYHAVEN", remoteIp: "192.0.2.1" }]);
  });

  test("of which not all could be answered ends with cancel", async () => {
    expect((await ask(incomplete)).statuses).toEqual([0xff00, 0xff00, 0xfe00]);
  });

  test("that is cancelled ends the search", async () => {
    let isEnded = false;
    const search: WorklistSearch = async function* () {
      try {
        yield* items;
      } finally {
        isEnded = true;
      }
      return undefined;
    };
    expect((await ask(search, AbortSignal.abort())).statuses).toEqual([0xfe00]);
    expect(isEnded).toBe(true);
  });
});
