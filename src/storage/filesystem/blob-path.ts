import { join } from "node:path";
import { ServerError } from "../../util/errors.ts";

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** True for what this storage names its files: a lower-case UUID. */
export function isBlobName(name: string): boolean {
  return uuidPattern.test(name);
}

/** `abcdef01-…` → `<root>/ab/cd/abcdef01-…`: Orthanc's layout. Anything but a UUID is refused, so no name leads out of the folder. */
export function blobPath(root: string, uuid: string): string {
  if (!isBlobName(uuid))
    throw new ServerError("ParameterOutOfRange", `name of a blob: expected a UUID, found ${JSON.stringify(uuid)}`);
  return join(root, uuid.slice(0, 2), uuid.slice(2, 4), uuid);
}
