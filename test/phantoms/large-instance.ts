import { dataset, elementHeader, fileHeader } from "./explicit-writer.ts";
import type { PhantomUids } from "./study.ts";
import { uidOf } from "./uid.ts";

/** A multi-frame object of any size, as a stream that may be started as often as wanted. */
export interface LargeInstance {
  readonly uids: PhantomUids;
  /** Bytes of the whole file. */
  readonly size: number;
  stream(): AsyncGenerator<Buffer>;
}

const rows = 512;
const columns = 512;
const frameLength = rows * columns;
const greyLevels = 256;
const multiFrameGrayscale = "1.2.840.10008.5.1.4.1.1.7.2";

/** A Multi-frame Grayscale Byte Secondary Capture image of about `bytes` bytes; frame `n` is filled with `n mod 256`, so that order shows. */
export function makeLargeInstance(bytes: number, seed = 1): LargeInstance {
  const frames = Math.max(1, Math.round(bytes / frameLength));
  const uids: PhantomUids = {
    PatientID: `LARGE-${seed}`,
    StudyInstanceUID: uidOf("large", seed),
    SeriesInstanceUID: uidOf("large", seed, "series"),
    SOPInstanceUID: uidOf("large", seed, "instance", frames),
    SOPClassUID: multiFrameGrayscale,
  };
  const head = Buffer.concat([
    fileHeader(uids.SOPClassUID, uids.SOPInstanceUID),
    dataset([
      [0x00080016, "UI", uids.SOPClassUID],
      [0x00080018, "UI", uids.SOPInstanceUID],
      [0x00080020, "DA", "20261102"],
      [0x00080060, "CS", "OT"],
      [0x00080064, "CS", "WSD"],
      [0x00100010, "PN", "Large^Phantom"],
      [0x00100020, "LO", uids.PatientID],
      [0x0020000d, "UI", uids.StudyInstanceUID],
      [0x0020000e, "UI", uids.SeriesInstanceUID],
      [0x00200013, "IS", "1"],
      [0x00280002, "US", 1],
      [0x00280004, "CS", "MONOCHROME2"],
      [0x00280008, "IS", String(frames)],
      [0x00280010, "US", rows],
      [0x00280011, "US", columns],
      [0x00280100, "US", 8],
      [0x00280101, "US", 8],
      [0x00280102, "US", 7],
      [0x00280103, "US", 0],
    ]),
    elementHeader(0x7fe00010, "OB", frames * frameLength),
  ]);
  return {
    uids,
    size: head.length + frames * frameLength,
    async *stream() {
      yield head;
      for (let frame = 0; frame < frames; frame++) yield Buffer.alloc(frameLength, frame % greyLevels);
    },
  };
}
