import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDicom } from "../../src/dicom/parse.ts";
import { sharedData } from "../shared-data.ts";

/** A file of the corpus as C-STORE sees it. */
export interface SampleInstance {
  readonly path: string;
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly transferSyntaxUID: string;
  /** Everything after the file meta information. */
  readonly dataset: Buffer;
}

/** Preamble, prefix, and the whole element (0002,0000) (PS3.10 §7.1). */
const headLength = 128 + 4 + 12;

export function readInstance(path: string): SampleInstance {
  const file = readFileSync(path);
  const { meta } = parseDicom(file);
  return {
    path,
    sopClassUid: meta.text(0x00020002) ?? "",
    sopInstanceUid: meta.text(0x00020003) ?? "",
    transferSyntaxUID: meta.text(0x00020010) ?? "",
    dataset: file.subarray(headLength + file.readUInt32LE(headLength - 4)),
  };
}

/** One CT image in 15 transfer syntaxes; none where the corpus is not there. */
export function ctInAllSyntaxes(): readonly SampleInstance[] {
  const data = sharedData();
  if (data === undefined) return [];
  const folder = join(data, "syntaxes/ct-all-syntaxes");
  return readdirSync(folder).map((name) => readInstance(join(folder, name)));
}

export function ctInSyntax(transferSyntaxUID: string): SampleInstance {
  const found = ctInAllSyntaxes().find((instance) => instance.transferSyntaxUID === transferSyntaxUID);
  if (found === undefined) throw new Error(`No CT image in ${transferSyntaxUID}`);
  return found;
}
