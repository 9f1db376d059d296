import { readFile } from "node:fs/promises";
import { ServerError } from "../util/errors.ts";

/** Reads a small text file; InexistentFile naming it. */
export async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ServerError("InexistentFile", `${path} cannot be read: ${reason}`, { cause });
  }
}
