import { parseTag } from "../dicom/dictionary.ts";
import type { Tag } from "../dicom/tag.ts";
import type { HttpRequest, Reply, Route } from "../http/route.ts";
import type { QueryKeys } from "../remotes/query-identifier.ts";
import { ServerError } from "../util/errors.ts";
import { isObject } from "./body-fields.ts";
import { parseLevel } from "./levels.ts";
import { namedModality, readModalityJson, remoteParameters } from "./modality-request.ts";
import { type RetrieveMethod, type RetrieveParts, submitRetrieval } from "./retrieve-request.ts";

const parameters = [
  { name: "Level", in: "body", type: "string", summary: "Patient, Study, Series or Instance" },
  { name: "Resources", in: "body", type: "array", summary: "Objects of tags that identify the resources" },
  ...remoteParameters,
] as const;

const targetParameter = {
  name: "TargetAet",
  in: "body",
  type: "string",
  summary: "Title of who shall receive (this server)",
} as const;

/** C-MOVE and C-GET of what the body identifies, as jobs. */
export function modalityRetrieveRoutes(parts: RetrieveParts): readonly Route[] {
  const tag = "Networking";
  return [
    {
      method: "POST",
      path: "/modalities/{id}/move",
      tag,
      summary: "Let a modality send resources by C-MOVE, as a job",
      parameters: [...parameters, targetParameter],
      handle: (request) => retrieve(parts, request, "C-MOVE"),
    },
    {
      method: "POST",
      path: "/modalities/{id}/get",
      tag,
      summary: "Retrieve resources from a modality by C-GET, as a job",
      parameters,
      writes: true,
      handle: (request) => retrieve(parts, request, "C-GET"),
    },
  ];
}

async function retrieve(parts: RetrieveParts, request: HttpRequest, method: RetrieveMethod): Promise<Reply> {
  const body = await readModalityJson(request, { empty: undefined });
  const { Level, Resources } = isObject(body) ? body : {};
  if (!isObject(body) || typeof Level !== "string" || !Array.isArray(Resources)) {
    throw new ServerError("BadFileFormat", 'The body must be an object with "Level" and the array "Resources"');
  }
  const { modality } = namedModality(parts, request);
  const level = parseLevel(Level);
  return submitRetrieval(parts, { modality, level, resources: Resources.map(resourceKeys), method }, body);
}

function resourceKeys(resource: unknown): QueryKeys {
  if (!isObject(resource)) throw new ServerError("BadFileFormat", '"Resources" must hold objects of tags');
  return new Map(
    Object.entries(resource).map(([name, value]): [Tag, string] => {
      const key = parseTag(name);
      if (key === undefined) throw new ServerError("UnknownDicomTag", `"${name}" is no DICOM tag`);
      if (typeof value !== "string") throw new ServerError("BadFileFormat", `"${name}" must be a string`);
      return [key, value];
    }),
  );
}
