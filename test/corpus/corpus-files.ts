import { readFileSync } from "node:fs";
import { join } from "node:path";

/** One file of the corpus, as its manifest has it. */
export interface CorpusFile {
  readonly path: string;
  readonly sha256: string;
  readonly expected: "parse" | "reject";
  /** Readers differ, or the standard leaves room: it may go either way. */
  readonly ambiguous?: boolean;
  /** Has to be stopped by a limit. */
  readonly limit?: boolean;
  readonly transferSyntax?: string;
  readonly uids?: { readonly study?: string; readonly series?: string; readonly instance?: string };
  readonly truth?: { readonly path: string; readonly tool: string };
}

export function corpusFiles(folder: string): readonly CorpusFile[] {
  const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as { readonly files: CorpusFile[] };
  return manifest.files;
}

/** Their UIDs have VR UN, which the manifest takes for empty: known attributes are read by their dictionary VR (PS3.5 §6.2.2). */
const unknownVR: ReadonlySet<string> = new Set(["syntaxes/rle/rtdose_rle.dcm", "syntaxes/rle/rtdose_rle_1frame.dcm"]);

/** Whether the file has the UIDs without which an instance is refused, however well it can be parsed. */
export function isIdentified({ path, uids = {} }: CorpusFile): boolean {
  const identifiers = [uids.study, uids.series, uids.instance];
  return unknownVR.has(path) || identifiers.every((uid) => uid !== undefined && uid !== "");
}

/**
 * What has to become of a file that is uploaded: those that cannot be parsed are refused (400), and so are those without the
 * UIDs that identify an instance, however well they can be parsed (400 or 404).
 */
export function acceptableStatus(file: CorpusFile): readonly number[] {
  if (file.ambiguous === true) return [200, 400, 404];
  if (file.expected === "reject") return [400];
  return isIdentified(file) ? [200] : [400, 404];
}
