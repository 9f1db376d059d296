import type { DatasetFrame } from "./parse-frame.ts";
import { settleEncoding } from "./encoding.ts";
import { implicitVR } from "./implicit-vr.ts";
import type { ParserInput } from "./parser-input.ts";
import type { Tag } from "./tag.ts";
import { explicitVR, type VR } from "./vr.ts";

export const undefinedLength = 0xffffffff;

/** The header of the element that the parser is at; one object is used for all of them. */
export class ElementHeader {
  vr: VR = "UN";
  /** Bytes of the header itself. */
  size = 8;
  /** Bytes of the value, or `undefinedLength`. */
  length = 0;

  /** Reads VR and length (PS3.5 §7.1.2, §7.1.3) of `tag`, with 8 bytes at hand at least; false when that takes 12. */
  read(input: ParserInput, frame: DatasetFrame, tag: Tag): boolean {
    const { view, position } = input;
    if (frame.lastTag < 0) frame.encoding = settleEncoding(view, position, frame.encoding);
    const { explicit, littleEndian } = frame.encoding;
    this.size = 8;
    if (!explicit) {
      this.vr = implicitVR(tag, frame.dataset);
      this.length = view.getUint32(position + 4, littleEndian);
      return true;
    }
    const code = view.getUint16(position + 4);
    const row = explicitVR(code);
    this.vr = row?.vr ?? "UN";
    if (!(row === undefined ? isFutureVR(code) : row.longForm)) {
      this.length = view.getUint16(position + 6, littleEndian);
      return true;
    }
    if (input.buffer.length - position < 12) return false;
    this.size = 12;
    this.length = view.getUint32(position + 8, littleEndian);
    return true;
  }
}

function isCapital(letter: number): boolean {
  return letter >= 0x41 && letter <= 0x5a;
}

/** VRs to come have the long form (PS3.5 §6.2); what is no VR at all is read as short form, as DCMTK does. */
function isFutureVR(code: number): boolean {
  return isCapital(code >> 8) && isCapital(code & 0xff);
}
