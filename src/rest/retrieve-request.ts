import { json } from "../http/reply.ts";
import type { Reply } from "../http/route.ts";
import { parseJobRequest, runSubmitted } from "../jobs/job-request.ts";
import type { JobsEngine, JobType } from "../jobs/job.ts";
import type { QueryKeys } from "../remotes/query-identifier.ts";
import { retrieveScuState, type RetrieveScuState } from "../remotes/query-retrieve-state.ts";
import type { Modality } from "../remotes/modality.ts";
import { ServerError } from "../util/errors.ts";
import type { Level } from "../catalog/catalog.ts";
import { tagFormatOfBody } from "./format-request.ts";
import { modalityFields, type ModalityParts, remoteOf } from "./modality-request.ts";

export type RetrieveMethod = "C-MOVE" | "C-GET";

export interface RetrieveParts extends ModalityParts {
  readonly jobs: JobsEngine;
  readonly move: JobType<RetrieveScuState>;
  readonly get: JobType<RetrieveScuState>;
  /** `DicomDefaultRetrieveMethod` */
  readonly defaultRetrieveMethod: RetrieveMethod;
}

/** What is retrieved, and from where. */
export interface Retrieval {
  readonly modality: Modality;
  readonly level: Level;
  readonly resources: readonly QueryKeys[];
  readonly method: RetrieveMethod;
}

/** Submits the job that retrieves from a modality, as the body says. */
export async function submitRetrieval(
  parts: RetrieveParts,
  { modality, level, resources, method }: Retrieval,
  body: Readonly<Record<string, unknown>>,
): Promise<Reply> {
  const fields = modalityFields(body);
  const request = parseJobRequest(body);
  const remote = remoteOf(parts, modality, fields);
  const state = retrieveScuState(
    {
      remote,
      level,
      permissive: request.permissive,
      format: tagFormatOfBody(fields, "short"),
      ...(method === "C-MOVE"
        ? { targetAet: fields.string("TargetAet") ?? remote.callingAet }
        : { bothRoles: modality.Manufacturer === "SiemensSyngoCT" }),
    },
    resources,
  );
  const type = method === "C-MOVE" ? parts.move : parts.get;
  return json(await runSubmitted(parts.jobs, { type, state }, request));
}

/** `RetrieveMethod`: the body goes before the modality, and that before the default. Throws `ParameterOutOfRange`. */
export function retrieveMethod(
  { defaultRetrieveMethod }: Pick<RetrieveParts, "defaultRetrieveMethod">,
  modality: Modality,
  wanted: string | undefined,
): RetrieveMethod {
  for (const method of [wanted, modality.RetrieveMethod]) {
    if (method === "C-MOVE" || method === "C-GET") return method;
    if (method === undefined || method === "SystemDefault") continue;
    throw new ServerError("ParameterOutOfRange", `"RetrieveMethod" is C-MOVE, C-GET or SystemDefault, not "${method}"`);
  }
  return defaultRetrieveMethod;
}
