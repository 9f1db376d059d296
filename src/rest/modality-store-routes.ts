import type { Archive } from "../archive/archive.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { json } from "../http/reply.ts";
import type { HttpRequest, Reply, Route } from "../http/route.ts";
import { parseJobRequest, runSubmitted } from "../jobs/job-request.ts";
import type { JobsEngine, JobType } from "../jobs/job.ts";
import { generateUid } from "../dicom/uid.ts";
import type { Modality } from "../remotes/modality.ts";
import { storeScuState, type StoreScuState } from "../remotes/store-scu-state.ts";
import type { MoveOriginator, OpenStoreScu, StoreTarget } from "../remotes/store-scu.ts";
import { ServerError } from "../util/errors.ts";
import type { BodyReader } from "./body-fields.ts";
import { modalityFields, type ModalityParts, namedModality, remoteOf, remoteParameters } from "./modality-request.ts";
import { readStoreBody, recordExports, resourceIds, sentResources } from "./store-request.ts";

export interface StoreRoutesParts extends ModalityParts {
  readonly archive: Pick<Archive, "spool">;
  readonly catalog: Pick<Catalog, "find" | "levelOf" | "recordExport">;
  readonly jobs: JobsEngine;
  readonly store: JobType<StoreScuState>;
  readonly openStoreScu: OpenStoreScu;
  /** `TranscodeDicomProtocol` */
  readonly transcodes: boolean;
  /** `LogExportedResources` */
  readonly logExports: boolean;
}

const tag = "Networking";

/** C-STORE to a modality. */
export function modalityStoreRoutes(parts: StoreRoutesParts): readonly Route[] {
  return [
    {
      method: "POST",
      path: "/modalities/{id}/store",
      tag,
      summary: "Send resources by C-STORE, as a job",
      parameters: [
        { name: "Resources", in: "body", type: "array", summary: "Ids; the body may also be one id, or the array" },
        { name: "CalledAet", in: "body", type: "string", summary: "Another title than the modality's" },
        { name: "Host", in: "body", type: "string", summary: "Another address than the modality's" },
        { name: "Port", in: "body", type: "number", summary: "Another port than the modality's" },
        { name: "MoveOriginatorAet", in: "body", type: "string", summary: "Say that this is a C-MOVE of this title" },
        { name: "MoveOriginatorID", in: "body", type: "number", summary: "Its message ID" },
        { name: "StorageCommitment", in: "body", type: "boolean", summary: "Ask for storage commitment at the end" },
        ...remoteParameters,
      ],
      handle: (request) => store(parts, request),
    },
    {
      method: "POST",
      path: "/modalities/{id}/store-straight",
      tag,
      summary: "Send the DICOM file that is the body by C-STORE, without storing it",
      handle: (request) => storeStraight(parts, request),
    },
  ];
}

async function store(parts: StoreRoutesParts, request: HttpRequest): Promise<Reply> {
  const body = await readStoreBody(request);
  const fields = modalityFields(body);
  const ids = resourceIds(fields);
  const { name, modality } = namedModality(parts, request);
  const job = parseJobRequest(body);
  const state = storeScuState({
    ...(await sentResources(parts.catalog, ids)),
    target: storeTarget(parts, modality, fields),
    description: "REST API",
    moveOriginator: moveOriginator(parts, fields),
    permissive: job.permissive,
    commitment: fields.boolean("StorageCommitment", false) ? { transactionUid: generateUid(), sent: [] } : null,
  });
  if (parts.logExports) await recordExports(parts.catalog, name, state.resources);
  return json(await runSubmitted(parts.jobs, { type: parts.store, state }, job));
}

function storeTarget(parts: StoreRoutesParts, modality: Modality, fields: BodyReader): StoreTarget {
  return { ...remoteOf(parts, modality, fields), allowTranscoding: parts.transcodes && modality.AllowTranscoding };
}

function moveOriginator({ defaults }: StoreRoutesParts, fields: BodyReader): MoveOriginator | null {
  const messageId = fields.unsigned("MoveOriginatorID");
  if (messageId === undefined) return null;
  if (messageId <= 0xffff) return { aet: fields.string("MoveOriginatorAet") ?? defaults.aet, messageId };
  throw new ServerError("ParameterOutOfRange", 'Field "MoveOriginatorID" must be below 65536');
}

async function storeStraight(parts: StoreRoutesParts, request: HttpRequest): Promise<Reply> {
  const { modality } = namedModality(parts, request);
  const scu = parts.openStoreScu(storeTarget(parts, modality, modalityFields({})));
  try {
    const outcome = await parts.archive.spool(request.body, (file) => scu.storeFile(file));
    return json({ SOPClassUID: outcome.SOPClassUID, SOPInstanceUID: outcome.SOPInstanceUID });
  } finally {
    await scu.close();
  }
}
