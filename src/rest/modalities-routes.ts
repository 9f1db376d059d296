import { empty, emptyObject, json, notFound } from "../http/reply.ts";
import type { HttpRequest, Reply, Route } from "../http/route.ts";
import { checkFind, echo } from "../remotes/dicom-echo.ts";
import { parseModality } from "../remotes/modality-definition.ts";
import type { Modality } from "../remotes/modality.ts";
import type { QueryScuParts } from "../remotes/query-scu.ts";
import type { Log } from "../util/log.ts";
import { isObject } from "./body-fields.ts";
import { modalityFields, type ModalityParts, namedModality, readModalityJson, remoteOf } from "./modality-request.ts";

export interface ModalitiesRoutesParts extends ModalityParts {
  readonly scu: QueryScuParts;
  /** `DicomEchoChecksFind` */
  readonly echoChecksFind: boolean;
  readonly log: Log;
}

const tag = "Networking";
const path = "/modalities/{id}";

/** What can be done with a modality: the segments below its path. */
const operations = [
  "configuration",
  "echo",
  "find",
  "find-instance",
  "find-patient",
  "find-series",
  "find-study",
  "find-worklist",
  "get",
  "move",
  "query",
  "storage-commitment",
  "store",
  "store-straight",
];

const echoParameters = [
  { name: "CheckFind", in: "body", type: "boolean", summary: "Also send a C-FIND" },
  { name: "Timeout", in: "body", type: "number", summary: "Seconds of silence to wait; 0: for ever" },
] as const;

/** The modalities, their definitions, and C-ECHO. */
export function modalitiesRoutes(parts: ModalitiesRoutesParts): readonly Route[] {
  const { modalities } = parts;
  return [
    {
      method: "GET",
      path: "/modalities",
      tag,
      summary: "Names of the modalities, or their definitions",
      parameters: [{ name: "expand", in: "query", type: "boolean", summary: "Give the definitions" }],
      handle: (request) => listModalities(parts, request),
    },
    {
      method: "GET",
      path,
      tag,
      summary: "What can be done with a modality",
      handle: ({ parameters: { id = "" } }) => (modalities.get(id) === undefined ? notFound() : json(operations)),
    },
    { method: "PUT", path, tag, summary: "Define a modality", handle: (request) => putModality(parts, request) },
    {
      method: "DELETE",
      path,
      tag,
      summary: "Forget a modality",
      async handle(request) {
        const { name } = namedModality(parts, request);
        await modalities.delete(name);
        return empty();
      },
    },
    {
      method: "GET",
      path: `${path}/configuration`,
      tag,
      summary: "The definition of a modality",
      handle: (request) => json(namedModality(parts, request).modality),
    },
    {
      method: "POST",
      path: `${path}/echo`,
      tag,
      summary: "Send a C-ECHO",
      parameters: echoParameters,
      async handle(request) {
        const body = await readModalityJson(request, { empty: {} });
        return echoModality(parts, namedModality(parts, request).modality, body);
      },
    },
    {
      method: "POST",
      path: "/tools/dicom-echo",
      tag,
      summary: "Send a C-ECHO to a modality that the body defines",
      parameters: echoParameters,
      async handle(request) {
        const body = await readModalityJson(request);
        return echoModality(parts, parseModality(body, warnings(parts)), body);
      },
    },
  ];
}

function listModalities({ modalities }: ModalitiesRoutesParts, { query }: HttpRequest): Reply {
  const names = modalities.names();
  if (!query.has("expand")) return json(names);
  const definitions = names.flatMap((name): [string, Modality][] => {
    const modality = modalities.get(name);
    return modality === undefined ? [] : [[name, modality]];
  });
  return json(Object.fromEntries(definitions));
}

async function putModality(parts: ModalitiesRoutesParts, request: HttpRequest): Promise<Reply> {
  const { id = "" } = request.parameters;
  await parts.modalities.put(id, parseModality(await readModalityJson(request), warnings(parts)));
  return empty();
}

function warnings({ log }: ModalitiesRoutesParts): (message: string) => void {
  return (message) => log.warn(message);
}

async function echoModality(parts: ModalitiesRoutesParts, modality: Modality, body: unknown): Promise<Reply> {
  const fields = modalityFields(isObject(body) ? body : {});
  const remote = remoteOf(parts, modality, fields);
  await echo(parts.scu, remote);
  if (fields.boolean("CheckFind", parts.echoChecksFind)) await checkFind(parts.scu, remote);
  return emptyObject();
}
