import { implementationClassUid, implementationVersionName } from "./write.ts";

/** What a file's beginning says of an instance that came without a file. */
export interface InstanceHead {
  readonly SOPClassUID: string;
  readonly SOPInstanceUID: string;
  readonly transferSyntaxUID: string;
  /** Source Application Entity Title (0002,0016). */
  readonly sourceAet: string;
}

const preambleAndPrefix = "\0".repeat(128) + "DICM";
/** (0002,0001) of version 1, and what every file of this server has. */
const version = "\x02\0\x01\0OB\0\0\x02\0\0\0\0\x01";
const implementation = element(0x12, "UI", implementationClassUid) + element(0x13, "SH", implementationVersionName);

/**
 * Preamble, prefix and file meta information (PS3.10 §7.1), for the dataset to follow. Each C-STORE needs one: all of it is ASCII, so it is put
 * together as text, fifty times faster than element by element.
 */
export function instanceHead({ SOPClassUID, SOPInstanceUID, transferSyntaxUID, sourceAet }: InstanceHead): Buffer {
  const elements =
    version +
    element(0x02, "UI", SOPClassUID) +
    element(0x03, "UI", SOPInstanceUID) +
    element(0x10, "UI", transferSyntaxUID) +
    implementation +
    element(0x16, "AE", sourceAet);
  const groupLength = `\x02\0\0\0UL\x04\0${shortWord(elements.length)}\0\0`;
  return Buffer.from(preambleAndPrefix + groupLength + elements, "latin1");
}

/** An element of group 0002 in explicit VR little endian (PS3.5 §7.1.2). */
function element(number: number, vr: "UI" | "SH" | "AE", value: string): string {
  const padding = value.length % 2 === 0 ? "" : vr === "UI" ? "\0" : " ";
  return `\x02\0${shortWord(number)}${vr}${shortWord(value.length + padding.length)}${value}${padding}`;
}

function shortWord(value: number): string {
  return String.fromCharCode(value & 0xff, value >> 8);
}
