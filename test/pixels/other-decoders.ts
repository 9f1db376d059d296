import { execFile } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { toolPath } from "../debian-tool.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const run = promisify(execFile);
const root = "1.2.840.10008.1.2";

/** The program of another project that makes native pixel data of a transfer syntax, and its arguments before the two files. */
const decoders: Readonly<Record<string, readonly [tool: string, ...options: readonly string[]]>> = {
  [`${root}.1.99`]: ["dcmconv", "+te"],
  [`${root}.2`]: ["dcmconv", "+te"],
  [`${root}.4.50`]: ["dcmdjpeg"],
  [`${root}.4.51`]: ["dcmdjpeg"],
  [`${root}.4.57`]: ["dcmdjpeg", "+cn"],
  [`${root}.4.70`]: ["dcmdjpeg", "+cn"],
  [`${root}.4.80`]: ["dcmdjpls"],
  [`${root}.4.81`]: ["dcmdjpls"],
  [`${root}.4.90`]: ["gdcmconv", "--raw"],
  [`${root}.4.91`]: ["gdcmconv", "--raw"],
  [`${root}.5`]: ["dcmdrle"],
};

/** Whether the program for the transfer syntax is installed. */
export function hasOtherDecoder(transferSyntaxUID: string): boolean {
  const [tool] = decoders[transferSyntaxUID] ?? [];
  return tool !== undefined && toolPath(tool) !== undefined;
}

/** The file as another program decodes it. */
export async function decodedByOther(file: Buffer, transferSyntaxUID: string): Promise<Buffer> {
  const [tool = "", ...options] = decoders[transferSyntaxUID] ?? [];
  return await throughProgram(file, (from, to) => run(toolPath(tool) ?? tool, [...options, from, to]));
}

/** The samples, little endian and by plane, that OpenJPEG finds in a codestream, HTJ2K too. */
export async function decodedByOpenJpeg(codestream: Buffer): Promise<Buffer> {
  return await throughProgram(
    codestream,
    (from, to) => run(toolPath("opj_decompress") ?? "opj_decompress", ["-i", from, "-o", to]),
    { from: "frame.j2k", to: "frame.rawl" },
  );
}

async function throughProgram(
  input: Buffer,
  convert: (from: string, to: string) => Promise<unknown>,
  names = { from: "in.dcm", to: "out.dcm" },
): Promise<Buffer> {
  const folder = await temporaryFolder();
  try {
    const [from, to] = [join(folder, names.from), join(folder, names.to)];
    await writeFile(from, input);
    await convert(from, to);
    return await readFile(to);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
