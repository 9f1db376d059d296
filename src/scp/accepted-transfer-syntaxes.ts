import { transferSyntaxes } from "../dicom/transfer-syntaxes.ts";
import { textMatcher } from "../util/text-match.ts";

/** Transfer syntaxes that the former options `…TransferSyntaxAccepted` turn off together. */
const families = {
  Deflated: ["1.2.840.10008.1.2.1.99"],
  Jpeg: ["1.2.840.10008.1.2.4.5?", "1.2.840.10008.1.2.4.6?", "1.2.840.10008.1.2.4.70"],
  Jpeg2000: ["1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91", "1.2.840.10008.1.2.4.92", "1.2.840.10008.1.2.4.93"],
  JpegLossless: ["1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81"],
  Jpip: ["1.2.840.10008.1.2.4.94", "1.2.840.10008.1.2.4.95"],
  Mpeg2: ["1.2.840.10008.1.2.4.100*", "1.2.840.10008.1.2.4.101*"],
  Mpeg4: [
    "1.2.840.10008.1.2.4.102*",
    "1.2.840.10008.1.2.4.103*",
    "1.2.840.10008.1.2.4.104*",
    "1.2.840.10008.1.2.4.105*",
    "1.2.840.10008.1.2.4.106*",
  ],
  H265: ["1.2.840.10008.1.2.4.107", "1.2.840.10008.1.2.4.108"],
  Rle: ["1.2.840.10008.1.2.5"],
} as const;
export type TransferSyntaxFamily = keyof typeof families;

/** The transfer syntaxes that C-STORE takes; they may be changed while the server runs. */
export interface AcceptedTransferSyntaxes {
  /** UIDs, in the order of PS3.6. */
  list(): readonly string[];
  /** `patterns`: UIDs in which `*` and `?` are wildcards. */
  set(patterns: readonly string[]): void;
}

/** Those of the standard that match `patterns`, without those of the families that are turned off. */
export function createAcceptedTransferSyntaxes(
  patterns: readonly string[],
  rejected: readonly TransferSyntaxFamily[] = [],
): AcceptedTransferSyntaxes {
  const excluded = matching(rejected.flatMap((family) => [...families[family]]));
  let accepted: readonly string[] = matching(patterns).filter((uid) => !excluded.includes(uid));
  return {
    list: () => accepted,
    set: (wanted) => {
      accepted = matching(wanted);
    },
  };
}

function matching(patterns: readonly string[]): readonly string[] {
  const tests = patterns.map((pattern) => textMatcher({ match: "wildcard", pattern }, true));
  return transferSyntaxes.map(({ uid }) => uid).filter((uid) => tests.some((test) => test(uid)));
}
