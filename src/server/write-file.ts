import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { ServerError } from "../util/errors.ts";

/** Writes a file, an existing one anew. Throws `CannotWriteFile` with the system's reason. */
export async function writeFile(path: string, data: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    await pipeline(data, createWriteStream(path));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ServerError("CannotWriteFile", `"${path}": ${reason}`, { cause });
  }
}
