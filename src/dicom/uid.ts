import { randomUUID } from "node:crypto";

/** The UID that stands for a UUID: `2.25.` and the UUID as a decimal number (PS3.5 §B.2). */
export function uidOfUuid(uuid: string): string {
  return `2.25.${BigInt(`0x${uuid.replaceAll("-", "")}`)}`;
}

/** A new UID, unique without registration. */
export function generateUid(): string {
  return uidOfUuid(randomUUID());
}

/** Whether the text is a UID: at most 64 characters, numbers without leading zeros joined by dots (PS3.5 §9.1). */
export function isValidUid(text: string): boolean {
  return text.length <= 64 && /^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*))*$/.test(text);
}
