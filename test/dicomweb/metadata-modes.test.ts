import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasTool } from "../debian-tool.ts";
import { type OrthancProcess, startOrthanc } from "../differential/orthanc-process.ts";
import { startTestServer, type TestServer } from "../greyhaven.ts";
import { ask, askJson } from "../server/ask.ts";
import { sharedData } from "../shared-data.ts";

type Model = Readonly<Record<string, { readonly vr: string; readonly Value?: readonly unknown[] }>>;

const folder = sharedData();
/** Slices whose SliceLocation differs, and others where it is empty. */
const series = ["series/ct-seg-dcmqi/ct-3slice_*.dcm", "series/ct-phantom-philips/S4010/*"];

const configuration = {
  DicomWeb: {
    StudiesMetadata: "MainDicomTags",
    SeriesMetadata: "Extrapolate",
    SeriesMetadataExtrapolatedTags: [
      "BitsAllocated",
      "SliceLocation",
      "PatientPosition",
      "SOPInstanceUID",
      "0028,0030",
    ],
  },
};

const byUid = (models: readonly Model[]) =>
  new Map(models.map((model) => [String(model["00080018"]?.Value?.[0]), model]));

/** Orthanc tells another character set than that of its answers, and not the SOP class. */
function comparable({ "00080005": _charset, "00080016": _sopClass, ...model }: Model): Model {
  return model;
}

describe.skipIf(folder === undefined || !hasTool("Orthanc"))("metadata from the index, beside Orthanc", () => {
  let orthanc: OrthancProcess;
  let server: TestServer;
  beforeAll(async () => {
    [orthanc, server] = await Promise.all([startOrthanc(configuration), startTestServer(configuration)]);
    const files = series.flatMap((pattern) => globSync(pattern, { cwd: folder ?? "" }));
    expect(files).toHaveLength(6);
    for (const file of files) {
      const body = readFileSync(join(folder ?? "", file));
      for (const { url } of [orthanc, server]) await ask(url, "POST /instances", { body });
    }
  }, 60_000);
  afterAll(async () => {
    await orthanc.stop();
    await server.close();
  });

  it("is the same for studies (MainDicomTags) and series (Extrapolate)", async () => {
    const found = await askJson<Model[]>(orthanc.url, "GET /dicom-web/series");
    expect(found).toHaveLength(2);
    for (const model of found) {
      const study = `/dicom-web/studies/${String(model["0020000D"]?.Value?.[0])}`;
      for (const path of [study, `${study}/series/${String(model["0020000E"]?.Value?.[0])}`]) {
        const expected = byUid(await askJson<Model[]>(orthanc.url, `GET ${path}/metadata`));
        const answered = byUid(await askJson<Model[]>(server.url, `GET ${path}/metadata`));
        expect(answered.keys().toArray().toSorted()).toEqual(expected.keys().toArray().toSorted());
        for (const [uid, instance] of expected) {
          expect(comparable(answered.get(uid) ?? {})).toEqual(comparable(instance));
        }
      }
    }
  });
});
