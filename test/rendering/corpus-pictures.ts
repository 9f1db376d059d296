import { createPictures, type Pictures } from "../../src/archive/pictures.ts";
import { createFindFrames } from "../../src/archive/stored-frames.ts";
import { runFrameTask } from "../../src/pixels/frame-task.ts";
import { readPng } from "../../src/archive/create-dicom/png-reader.ts";
import { fileArchive } from "../pixels/file-archive.ts";

/** Pictures of a file that no archive holds, made in this thread. */
export function picturesOf(file: Buffer): Pictures {
  return createPictures(createFindFrames(fileArchive(file)), { run: runFrameTask });
}

/** What a PNG shows, whatever it is filtered and compressed with. */
export interface Pixels {
  readonly form: string;
  readonly samples: Uint8Array | Uint16Array;
}

export function pixelsOf(png: Buffer): Pixels {
  const { columns, rows, samplesPerPixel, bits, bytes } = readPng(png);
  const samples = bits === 16 ? new Uint16Array(new Uint8Array(bytes).buffer) : bytes;
  return { form: `${columns} × ${rows} × ${samplesPerPixel} × ${bits} bits`, samples };
}

/** How many samples differ, and by how much at most; the form where that differs. Empty when all are the same. */
export function difference(ours: Pixels, theirs: Pixels, tolerance = 0): string {
  if (ours.form !== theirs.form) return `${ours.form} instead of ${theirs.form}`;
  let count = 0;
  let most = 0;
  for (const [at, sample] of ours.samples.entries()) {
    const distance = Math.abs(sample - (theirs.samples[at] ?? 0));
    if (distance > tolerance) count++;
    if (distance > most) most = distance;
  }
  return count === 0 ? "" : `${count} of ${ours.samples.length} samples differ, by ${most} at most`;
}
