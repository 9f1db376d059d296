import type { Catalog, Level } from "../catalog/catalog.ts";
import { readText } from "../http/body.ts";
import type { HttpRequest } from "../http/route.ts";
import type { SendingState, SentResource } from "../remotes/sending-state.ts";
import { stowResources } from "../remotes/stow-resources.ts";
import { ServerError } from "../util/errors.ts";
import { utcDate } from "../util/utc-date.ts";
import { type BodyReader, isObject } from "./body-fields.ts";

/**
 * Reads the body of a request to send resources: an id, alone or as JSON text, an array of them, or an object with `Resources`; the
 * object that it stands for. Throws `BadFileFormat`.
 */
export async function readStoreBody(request: HttpRequest): Promise<Readonly<Record<string, unknown>>> {
  const trimmed = (await readText(request)).trim();
  if (isOrthancId(trimmed)) return { Resources: [trimmed] };
  const body = parsed(trimmed);
  if (typeof body === "string") return { Resources: [body] };
  if (Array.isArray(body)) return { Resources: body };
  if (isObject(body)) return body;
  throw new ServerError("BadFileFormat", "the body must be an id, an array of ids, or an object");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ServerError("BadFileFormat", "the body must be an id or JSON", { cause });
  }
}

/** Throws `BadFileFormat` for anything but Orthanc's identifiers. */
export function resourceIds(fields: BodyReader): readonly string[] {
  const ids = fields.strings("Resources");
  if (ids === undefined) throw new ServerError("BadFileFormat", 'Field "Resources" is missing');
  const wrong = ids.find((id) => !isOrthancId(id.trim()));
  if (wrong !== undefined) throw new ServerError("BadFileFormat", `"${wrong}" is no Orthanc identifier`);
  return ids.map((id) => id.trim());
}

function isOrthancId(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{8}){4}$/.test(text);
}

/** What the ids stand for, for the state of a job that sends. Throws `UnknownResource` naming the id. */
export async function sentResources(
  catalog: Pick<Catalog, "find" | "levelOf">,
  ids: readonly string[],
): Promise<Pick<SendingState, "resources" | "instances">> {
  const { resources, instances } = await stowResources(catalog, ids);
  const listed = [
    ...ofType("Patient", resources.Patients),
    ...ofType("Study", resources.Studies),
    ...ofType("Series", resources.Series),
    ...ofType("Instance", resources.Instances),
  ];
  return { resources: listed, instances };
}

function ofType(Type: Level, ids: readonly string[]): readonly SentResource[] {
  return ids.map((ID) => ({ ID, Type }));
}

/** Notes in `/exports` that resources are sent to the remote server called `name`. */
export async function recordExports(
  catalog: Pick<Catalog, "recordExport">,
  name: string,
  resources: readonly SentResource[],
): Promise<void> {
  for (const { ID, Type } of resources) {
    await catalog.recordExport({ level: Type, publicId: ID }, name, utcDate(Date.now()));
  }
}
