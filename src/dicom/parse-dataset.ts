import { inflateRawSync } from "node:zlib";
import { ServerError } from "../util/errors.ts";
import { SpecificCharacterSet } from "./charset.ts";
import { DatasetParser } from "./dataset-parser.ts";
import type { Dataset } from "./dataset.ts";
import { defaultLimits } from "./parse-options.ts";
import { ParserInput } from "./parser-input.ts";
import { transferSyntax } from "./transfer-syntaxes.ts";

export interface ParseDatasetOptions {
  readonly transferSyntaxUID: string;
  /** The character set of a dataset that declares none. Default: `SpecificCharacterSet.default`. */
  readonly defaultCharset?: SpecificCharacterSet;
}

/**
 * Reads a dataset without file meta information, as a DIMSE message has it (PS3.7 §6.3.1). Values are parts of `bytes`. Throws
 * `BadFileFormat`, as `parseDicom`.
 */
export function parseDataset(bytes: Buffer, options: ParseDatasetOptions): Dataset {
  const syntax = transferSyntax(options.transferSyntaxUID);
  if (syntax === undefined) {
    throw new ServerError("BadFileFormat", `transfer syntax ${options.transferSyntaxUID} cannot be read`);
  }
  const input = new ParserInput();
  input.append(syntax.deflated ? inflateRawSync(bytes, { maxOutputLength: defaultLimits.keptLength }) : bytes);
  input.finish();
  const parser = new DatasetParser(input, syntax, {
    charset: options.defaultCharset ?? SpecificCharacterSet.default,
    limits: { ...defaultLimits, keptLength: Infinity },
    maximumValueLength: Infinity,
  });
  parser.run();
  return parser.dataset;
}
