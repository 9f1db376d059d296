import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sharedData } from "../../test/shared-data.ts";
import { ServerError } from "../util/errors.ts";
import type { Dataset } from "./dataset.ts";
import { DicomReader, parseDicom, type ParsedDicom } from "./parse.ts";

interface ManifestEntry {
  readonly path: string;
  readonly bytes: number;
  readonly expected: "parse" | "reject";
  readonly ambiguous?: boolean;
  readonly limit?: boolean;
}

/** What became of a file: `parse`, or `reject` with an error that a client may see. Anything else is thrown on. */
function verdict(read: () => ParsedDicom): "parse" | "reject" {
  try {
    read();
    return "parse";
  } catch (error) {
    if (error instanceof ServerError && error.errorName === "BadFileFormat" && error.details !== undefined)
      return "reject";
    throw error;
  }
}

function outline(elements: Dataset): unknown[] {
  return [...elements].map(({ tag, vr, offset, length, value, items, fragments }) => [
    tag,
    vr,
    offset,
    length,
    value?.toString("base64"),
    items?.map(outline),
    fragments?.map((fragment) => [fragment.offset, fragment.length, fragment.value?.toString("base64")]),
  ]);
}

/** What a reader keeps in memory, whether it accepts the file or not. */
function readTolerantly(bytes: Buffer): DicomReader | ParsedDicom {
  const reader = new DicomReader();
  try {
    reader.push(bytes);
    return reader.end();
  } catch {
    return reader;
  }
}

describe.skipIf(sharedData() === undefined)("the corpus", () => {
  const folder = sharedData() ?? "";
  const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as { files: ManifestEntry[] };
  const bytesOf = ({ path }: ManifestEntry): Buffer => readFileSync(join(folder, path));

  it("is accepted and refused as its manifest says", { timeout: 60_000 }, () => {
    const wrong = manifest.files
      .filter(({ ambiguous }) => ambiguous !== true)
      .filter((entry) => verdict(() => parseDicom(bytesOf(entry))) !== entry.expected);
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it("is accepted and refused alike by header and check of the rest, in pieces", { timeout: 60_000 }, () => {
    const wrong = manifest.files
      .filter(({ ambiguous }) => ambiguous !== true)
      .filter((entry) => {
        const bytes = bytesOf(entry);
        const read = (): ParsedDicom => {
          const reader = new DicomReader({ stopAtPixelData: true, checkRest: true });
          for (let at = 0; at < bytes.length; at += 65_536) reader.push(bytes.subarray(at, at + 65_536));
          return reader.end();
        };
        return verdict(read) !== entry.expected;
      });
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });

  it("never makes the parser fail in another way", { timeout: 60_000 }, () => {
    const verdicts = manifest.files
      .filter(({ ambiguous }) => ambiguous === true)
      .map((entry) => verdict(() => parseDicom(bytesOf(entry))));
    expect(new Set(verdicts)).toEqual(new Set(["parse", "reject"]));
  });

  it("is read the same wherever it is split", { timeout: 60_000 }, () => {
    const small = manifest.files.filter(({ bytes, limit }) => bytes < 4000 && limit !== true);
    const different = small.filter((entry) => {
      const bytes = bytesOf(entry);
      if (verdict(() => parseDicom(bytes)) === "reject") return false;
      const reader = new DicomReader();
      for (const byte of bytes) reader.push(Buffer.of(byte));
      return JSON.stringify(outline(reader.end().dataset)) !== JSON.stringify(outline(parseDicom(bytes).dataset));
    });
    expect(different.map(({ path }) => path)).toEqual([]);
  });

  it("takes little memory where its files would take much", { timeout: 60_000 }, () => {
    const before = process.memoryUsage().arrayBuffers;
    const kept = manifest.files.filter(({ limit }) => limit === true).map((entry) => readTolerantly(bytesOf(entry)));
    expect(kept.length).toBeGreaterThan(0);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200 * 2 ** 20);
  });
});
