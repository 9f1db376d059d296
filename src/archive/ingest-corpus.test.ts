import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { defaultOptions, openTestArchive } from "../../test/archive/test-archive.ts";
import { type CorpusFile, corpusFiles, isIdentified } from "../../test/corpus/corpus-files.ts";
import { sharedData } from "../../test/shared-data.ts";
import { ServerError } from "../util/errors.ts";

/** What has to become of a file: without its identifiers it is refused, however well it can be parsed. */
function isAcceptable(file: CorpusFile, outcome: string): boolean {
  const isRefused = outcome === "BadFileFormat" || outcome === "InexistentTag";
  if (file.ambiguous === true) return isRefused || outcome === "Success";
  if (file.expected === "reject") return outcome === "BadFileFormat";
  return isIdentified(file) ? outcome === "Success" : isRefused;
}

const folder = sharedData();

describe.skipIf(folder === undefined)("the files of the corpus", () => {
  const files = corpusFiles(folder ?? "");

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
