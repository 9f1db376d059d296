import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { JsonModel } from "../../src/dicom/json-model.ts";
import { startGreyhaven, type GreyhavenProcess } from "../demo/greyhaven-process.ts";
import { freePort } from "../free-port.ts";
import { ask, askJson, type Answer } from "../server/ask.ts";
import type { Stored } from "../server/upload.ts";
import { sharedData } from "../shared-data.ts";
import { acceptableStatus, corpusFiles, type CorpusFile } from "./corpus-files.ts";
import { withBulkData } from "./bulk-data.ts";
import { growthDuring, knowsProcessMemory, processMemory } from "./process-memory.ts";
import { type FullTag, mainTagProblem, mainTags } from "./tags-truth.ts";
import { differences, isQuirk, parseTruth, type Truth } from "./truth.ts";

const folder = sharedData();
const files = folder === undefined ? [] : corpusFiles(folder);
/** ZIP archives are another matter: see archives.test.ts. */
const single = files.filter(({ path }) => !path.endsWith(".zip"));
const batches = Map.groupBy(single, ({ path }) => path.split("/")[0] ?? "");
const megabyte = 2 ** 20;
/** What one file may make the server grow by; all together besides what it keeps on purpose (`MaximumStorageCacheSize`). */
const tolerated = 200 * megabyte;
const cacheSize = 128 * megabyte;

describe.skipIf(folder === undefined)("the corpus, posted to a server", () => {
  let place: string;
  let server: GreyhavenProcess;
  let idle = 0;
  let highest = 0;
  const growth = new Map<string, number>();

  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), "greyhaven-corpus-"));
    server = await startGreyhaven(place, await freePort(), {});
    if (knowsProcessMemory) idle = (await processMemory(server.pid)).resident;
  });
  afterAll(async () => {
    await server.stop();
    await rm(place, { recursive: true });
  });

  /** Posts a file, and notes by how much memory that made the server grow meanwhile. */
  async function uploadWatched(path: string, body: Buffer): Promise<Answer> {
    const measured = await growthDuring(server.pid, () => ask(server.url, "POST /instances", { body }));
    growth.set(path, measured.growth);
    highest = Math.max(highest, measured.peak);
    return measured.result;
  }

  /** Everything that is wrong with what the server makes of a file, which it forgets afterwards. */
  async function problems(file: CorpusFile): Promise<readonly string[]> {
    const body = readFileSync(join(folder ?? "", file.path));
    const answer = await uploadWatched(file.path, body);
    if (!acceptableStatus(file).includes(answer.status)) return [`${answer.status} ${answer.text().slice(0, 300)}`];
    if (answer.status !== 200) return hasReason(answer.json()) ? [] : [`refused without a reason: ${answer.text()}`];
    const stored = answer.json() as Stored;
    if (stored.Status !== "Success") return [`stored with the status ${stored.Status}`];
    const found = (await Promise.all([differentBytes(stored, file), differentFromTruth(stored, file)])).flat();
    const { status: removed } = await ask(server.url, `DELETE /patients/${stored.ParentPatient}`);
    return removed === 200 ? found : [...found, `cannot be removed: ${removed}`];
  }

  async function differentBytes({ ID }: Stored, { sha256 }: CorpusFile): Promise<readonly string[]> {
    const { bytes } = await ask(server.url, `GET /instances/${ID}/file`);
    return createHash("sha256").update(bytes).digest("hex") === sha256 ? [] : ["other bytes than were stored"];
  }

  async function differentFromTruth({ ID }: Stored, file: CorpusFile): Promise<readonly string[]> {
    if (file.truth === undefined || file.ambiguous === true) return [];
    const truth = parseTruth(readFileSync(join(folder ?? "", file.truth.path), "utf8"));
    const [full, simplified] = await Promise.all([
      askJson<Record<string, FullTag>>(server.url, `GET /instances/${ID}/tags`),
      askJson<Record<string, string | null>>(server.url, `GET /instances/${ID}/simplified-tags`),
    ]);
    const wrongTags = Object.keys(mainTags)
      .filter((tag) => !isQuirk(file.path, tag))
      .map((tag) => mainTagProblem(tag, truth, { full, simplified }))
      .filter((problem) => problem !== undefined);
    return [...wrongTags, ...(await differentMetadata(simplified, truth, file))];
  }

  async function differentMetadata(
    simplified: Readonly<Record<string, string | null>>,
    truth: Truth,
    { path, truth: source, uids = {} }: CorpusFile,
  ): Promise<readonly string[]> {
    // Null where they are too long for /simplified-tags; the manifest has only the first of several values.
    const identifiers = [
      simplified["StudyInstanceUID"] ?? uids.study,
      simplified["SeriesInstanceUID"] ?? uids.series,
      simplified["SOPInstanceUID"] ?? uids.instance,
    ].map((uid) => uid ?? "");
    // Hostile identifiers: the server takes no URL with `..` between slashes, encoded or not.
    if (identifiers.some((uid) => uid.split(/[/\\]/).includes(".."))) return [];
    const [study, series, instance] = identifiers.map(encodeURIComponent);
    const target = `GET /dicom-web/studies/${study}/series/${series}/instances/${instance}/metadata`;
    const metadata = await ask(server.url, target, { headers: { accept: "application/dicom+json" } });
    if (metadata.status !== 200) return [`metadata: ${metadata.status} ${metadata.text()}`];
    const [model = {}] = metadata.json() as readonly JsonModel[];
    return differences(truth, await withBulkData(model, server.url), "")
      .filter((tag) => !isQuirk(path, tag) && !isAfterPixelData(tag))
      .filter((tag) => source?.tool !== pydicom || !isOtherwiseInPydicom(tag, model))
      .map((tag) => `metadata: ${tag}`);
  }

  it.each([...batches])("%s", { timeout: 60_000 }, async (_, batch) => {
    const wrong: string[] = [];
    for (const file of batch) {
      for (const problem of await problems(file)) wrong.push(`${file.path}: ${problem}`);
    }
    expect(wrong).toEqual([]);
    expect((await ask(server.url, "GET /system")).status).toBe(200);
  });

  it("left nothing behind", async () => {
    expect((await ask(server.url, "GET /statistics")).json()).toMatchObject({ CountInstances: 0, TotalDiskSize: "0" });
  });

  it.skipIf(!knowsProcessMemory)("took little memory, each file and all together", async ({ annotate }) => {
    const greatest = [...growth].toSorted(([, left], [, right]) => right - left).slice(0, 3);
    const figures = greatest.map(([path, bytes]) => `${path} ${inMegabytes(bytes)}`);
    await annotate(`idle ${inMegabytes(idle)}, highest ${inMegabytes(highest)}; most for one: ${figures.join(", ")}`);
    expect(growth.size).toBe(single.length);
    expect(greatest.filter(([, bytes]) => bytes > tolerated)).toEqual([]);
    expect(highest - idle).toBeLessThan(tolerated + cacheSize);
  });
});

function inMegabytes(bytes: number): string {
  return `${(bytes / megabyte).toFixed(1)} MB`;
}

const pydicom = "pydicom.to_json_dict";

/** pydicom reads UN by its dictionary, and gives encapsulated pixel data as it stands in the file. */
function isOtherwiseInPydicom(tag: string, model: JsonModel): boolean {
  return tag === "7FE00010" || model[tag]?.vr === "UN";
}

/** Metadata is read up to the pixel data, as in Orthanc. */
function isAfterPixelData(tag: string): boolean {
  return tag.slice(0, 8) > "7FE00010";
}

function hasReason(body: unknown): boolean {
  const { Details }: { readonly Details?: unknown } = typeof body === "object" && body !== null ? body : {};
  return typeof Details === "string" && Details.length > 10;
}
