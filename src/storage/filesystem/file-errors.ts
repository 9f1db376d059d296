import { ServerError } from "../../util/errors.ts";

/** The system's code of a failed call (`ENOENT`, …); undefined for other errors. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** What a client is told when `path` could not be written. */
export function writeError(error: unknown, path: string): unknown {
  const code = errorCode(error);
  if (code === undefined) return error;
  if (code === "ENOSPC" || code === "EDQUOT")
    return new ServerError("FullStorage", `no space left to write ${path}`, { cause: error });
  return new ServerError("CannotWriteFile", `${path}: ${code}`, { cause: error });
}

/** What a client is told when `path` could not be read. */
export function readError(error: unknown, path: string): unknown {
  const code = errorCode(error);
  if (code === undefined) return error;
  if (code === "ENOENT") return new ServerError("InexistentFile", `${path} is missing`, { cause: error });
  return new ServerError("CorruptedFile", `${path} cannot be read: ${code}`, { cause: error });
}
