import { spawnSync } from "node:child_process";
import { toolPath } from "../debian-tool.ts";

/** Runs a program and gives what it printed; fails when it does. */
export function run(tool: string, ...argumentList: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(toolPath(tool) ?? tool, argumentList, {
    encoding: "utf8",
    maxBuffer: 256 << 20,
  });
  if (status !== 0) throw new Error(`${tool} ended with ${status}: ${stdout}${stderr}`);
  return stdout;
}

/** A file of an archive, as Python's zipfile reads it. */
export interface UnpackedFile {
  readonly name: string;
  readonly size: number;
  readonly sha1: string;
  /** 0 stored, 8 deflated. */
  readonly method: number;
}

const script = `
import hashlib, json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    print(json.dumps([{"name": entry.filename, "size": entry.file_size, "method": entry.compress_type,
                       "sha1": hashlib.sha1(archive.read(entry)).hexdigest()} for entry in archive.infolist()]))
`;

/** Reads a whole archive, CRC-32 and all. */
export function unpack(file: string): readonly UnpackedFile[] {
  return JSON.parse(run("python3", "-c", script, file)) as readonly UnpackedFile[];
}
