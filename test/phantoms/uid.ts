import { createHash } from "node:crypto";

/** A UID made from words, always the same for the same words (`2.25.` and 120 bits, PS3.5 §B.2). */
export function uidOf(...words: readonly (string | number)[]): string {
  const digest = createHash("sha256").update(words.join("|")).digest("hex");
  return `2.25.${BigInt(`0x${digest.slice(0, 30)}`)}`;
}
