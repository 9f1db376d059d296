import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { defaultOptions, openTestArchive } from "../../test/archive/test-archive.ts";
import { sharedData } from "../../test/shared-data.ts";
import { ServerError } from "../util/errors.ts";

/** One file of the corpus, as its manifest has it. */
interface CorpusFile {
  readonly path: string;
  readonly expected: "parse" | "reject";
  /** Readers differ: not crashing is the test. */
  readonly ambiguous?: boolean;
  readonly uids?: { readonly study?: string; readonly series?: string; readonly instance?: string };
}

function corpus(folder: string): readonly CorpusFile[] {
  const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as { readonly files: CorpusFile[] };
  return manifest.files;
}

/** Their UIDs have VR UN, which the manifest takes for empty: known attributes are read by their dictionary VR (PS3.5 §6.2.2). */
const unknownVR: ReadonlySet<string> = new Set(["syntaxes/rle/rtdose_rle.dcm", "syntaxes/rle/rtdose_rle_1frame.dcm"]);

/** What has to become of a file: without its identifiers it is refused, however well it can be parsed. */
function isAcceptable({ path, expected, ambiguous, uids = {} }: CorpusFile, outcome: string): boolean {
  const isRefused = outcome === "BadFileFormat" || outcome === "InexistentTag";
  if (ambiguous === true) return isRefused || outcome === "Success";
  if (expected === "reject") return outcome === "BadFileFormat";
  const { study = "", series = "", instance = "" } = uids;
  const isIdentified = ![study, series, instance].includes("") || unknownVR.has(path);
  return isIdentified ? outcome === "Success" : isRefused;
}

const folder = sharedData();

describe.skipIf(folder === undefined)("the files of the corpus", () => {
  const files = corpus(folder ?? "");

  test.each([
    { how: "in memory", uploadMemory: 64 << 20 },
    { how: "streamed", uploadMemory: 0 },
  ])("are stored or refused as their manifest says: $how", async ({ uploadMemory }) => {
    const policy = { ...defaultOptions.policy, overwrite: "Always" } as const;
    await using open = await openTestArchive({ options: { policy, uploadMemory } });
    const wrong: string[] = [];
    for (const file of files) {
      const bytes = await readFile(join(folder ?? "", file.path));
      const outcome = await open.archive.ingest(inPieces(bytes), { kind: "RestApi" }).then(
        ({ status }) => status,
        (error: unknown) => (error instanceof ServerError ? error.errorName : String(error)),
      );
      if (!isAcceptable(file, outcome)) wrong.push(`${file.path}: ${outcome}`);
    }
    expect(wrong).toEqual([]);
  });
});

async function* inPieces(file: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < file.length; at += 50_000) yield file.subarray(at, at + 50_000);
}
