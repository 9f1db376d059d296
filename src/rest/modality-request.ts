import { readJson, type ReadJsonOptions } from "../http/body.ts";
import type { HttpRequest } from "../http/route.ts";
import { type DicomRemote, dicomRemote, type DicomRemoteDefaults } from "../remotes/dicom-remote.ts";
import type { Modalities, Modality, NamedModality } from "../remotes/modality.ts";
import { ServerError } from "../util/errors.ts";
import { type BodyReader, readBodyFields } from "./body-fields.ts";

/** What all routes of modalities need. */
export interface ModalityParts {
  readonly modalities: Modalities;
  readonly defaults: DicomRemoteDefaults;
}

/** The modality that the path names. Throws `InexistentItem`. */
export function namedModality({ modalities }: Pick<ModalityParts, "modalities">, request: HttpRequest): NamedModality {
  const { id: name = "" } = request.parameters;
  const modality = modalities.get(name);
  if (modality === undefined) throw new ServerError("InexistentItem", `no modality is called "${name}"`);
  return { name, modality };
}

/** The body as JSON. Throws `BadFileFormat`, as all routes of modalities do for what they cannot read. */
export async function readModalityJson(request: HttpRequest, options: ReadJsonOptions = {}): Promise<unknown> {
  try {
    return await readJson(request, options);
  } catch (error) {
    if (!(error instanceof ServerError) || error.errorName !== "BadJson") throw error;
    throw new ServerError("BadFileFormat", error.details, { cause: error });
  }
}

/** A reader of the body's fields, which throws `BadFileFormat`. */
export async function readModalityFields(request: HttpRequest, options: ReadJsonOptions = {}): Promise<BodyReader> {
  return modalityFields(await readModalityJson(request, options));
}

/** The same for a body that was read already. */
export function modalityFields(body: unknown): BodyReader {
  return readBodyFields(body, "BadFileFormat");
}

/** How the modality is called, with what the body says otherwise: `LocalAet`, `CalledAet`, `Host`, `Port`, `Timeout`. */
export function remoteOf(
  { defaults }: Pick<ModalityParts, "defaults">,
  modality: Modality,
  body: BodyReader,
): DicomRemote {
  const overrides = {
    LocalAet: body.string("LocalAet"),
    CalledAet: body.string("CalledAet"),
    Host: body.string("Host"),
    Port: body.unsigned("Port"),
    Timeout: body.unsigned("Timeout"),
  };
  return dicomRemote(modality, overrides, defaults);
}

/** Description of the body fields that `remoteOf` reads. */
export const remoteParameters = [
  { name: "LocalAet", in: "body", type: "string", summary: "Own title (that of the modality, or DicomAet)" },
  { name: "Timeout", in: "body", type: "number", summary: "Seconds of silence to wait; 0: for ever" },
] as const;
