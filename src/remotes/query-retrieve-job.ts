import type { Archive } from "../archive/archive.ts";
import type { SpecificCharacterSet } from "../dicom/charset.ts";
import { statuses } from "../dimse/statuses.ts";
import type { JobType, Progress } from "../jobs/job.ts";
import { ServerError } from "../util/errors.ts";
import { DimseFailure } from "./dicom-failure.ts";
import { get, type GetScuParts } from "./get-scu.ts";
import { watchReceived } from "./move-received.ts";
import { move, type RetrieveRequest } from "./move-scu.ts";
import { identifierOf, type QueryKeys } from "./query-identifier.ts";
import {
  detailsContent,
  retrieveContent,
  type RetrieveDetail,
  retrieveKeys,
  type RetrieveScuState,
  sopClassesOf,
} from "./query-retrieve-state.ts";
import { ticks } from "./ticks.ts";

export interface QueryRetrieveJobParts extends GetScuParts {
  readonly archive: Pick<Archive, "ingest" | "subscribe">;
  readonly defaultCharset: () => SpecificCharacterSet;
}

/** Milliseconds between two reports of progress. */
const reportInterval = 500;

/** The job that lets a remote send to somebody (C-MOVE). What was interrupted is asked for again as a whole. */
export function moveJob(parts: QueryRetrieveJobParts): JobType<RetrieveScuState> {
  return retrieveScuJob(parts, "DicomMoveScu", async (state, request, received) => {
    const targetAet = state.targetAet ?? state.remote.callingAet;
    const stop = watchReceived(
      parts.archive,
      { remoteAet: state.remote.calledAet, targetAet, keys: request.keys },
      received,
    );
    try {
      await move(parts.associations, request, targetAet);
    } finally {
      stop();
    }
  });
}

/** The job that retrieves over its own association (C-GET). */
export function getJob(parts: QueryRetrieveJobParts): JobType<RetrieveScuState> {
  return retrieveScuJob(parts, "DicomGetScu", async (state, request, received) => {
    await get(parts, {
      ...request,
      sopClasses: sopClassesOf(state.queries[state.position] ?? {}),
      bothRoles: state.bothRoles ?? false,
      onReceived: ({ status, identifiers }) => {
        if (status !== "FilteredOut") received(identifiers.Instance);
      },
    });
  });
}

interface RequestWithKeys extends RetrieveRequest {
  readonly keys: QueryKeys;
}

/** Retrieves the query at the position; `received` is told Orthanc's identifier of each instance that came. */
type Retrieve = (
  state: RetrieveScuState,
  request: RequestWithKeys,
  received: (publicId: string) => void,
) => Promise<void>;

function retrieveScuJob(
  { defaultCharset }: QueryRetrieveJobParts,
  type: string,
  retrieve: Retrieve,
): JobType<RetrieveScuState> {
  return {
    type,
    run: (state, signal) => run(retrieve, { state, signal, charset: defaultCharset() }),
    describe: retrieveContent,
    restart: (state) => ({ ...state, position: 0, details: [] }),
  };
}

interface Run {
  readonly state: RetrieveScuState;
  readonly signal: AbortSignal;
  readonly charset: SpecificCharacterSet;
}

async function* run(retrieve: Retrieve, begin: Run): AsyncGenerator<Progress<RetrieveScuState>, void, void> {
  let { state } = begin;
  while (state.position < state.queries.length) {
    for await (const step of runNext(retrieve, { ...begin, state })) {
      state = step.state;
      yield step;
    }
  }
}

/** Retrieves the query at the position; only the last state it yields is beyond it. */
async function* runNext(
  retrieve: Retrieve,
  { state, signal, charset }: Run,
): AsyncGenerator<Progress<RetrieveScuState>, void, void> {
  const { position, queries, level, remote } = state;
  const keys = retrieveKeys(level, queries[position] ?? {});
  const stop = new AbortController();
  const instances = new Set<string>();
  let fraction = 0;
  const request: RequestWithKeys = {
    remote,
    level,
    keys,
    identifier: identifierOf(keys, charset),
    signal: AbortSignal.any([signal, stop.signal]),
    onProgress: (done) => {
      fraction = done;
    },
  };
  const retrieving = retrieve(state, request, (publicId) => instances.add(publicId));
  try {
    for await (const _ of ticks(retrieving, reportInterval)) {
      yield { state, fraction: (position + fraction) / queries.length };
    }
    const failure = await failureOf(retrieving);
    signal.throwIfAborted();
    const after = withDetail(state, { ...statusOf(failure), instances: [...instances] });
    yield { state: after, fraction: after.position / queries.length };
    if (failure !== undefined && !state.permissive) throw withDetails(failure, after);
  } finally {
    // When the server stops, or the job is cancelled, while the retrieval is under way.
    stop.abort();
    await Promise.allSettled([retrieving]);
  }
}

async function failureOf(work: Promise<void>): Promise<unknown> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return error;
  }
}

function statusOf(failure: unknown): Pick<RetrieveDetail, "status"> {
  if (failure === undefined) return { status: statuses.success };
  return failure instanceof DimseFailure ? { status: failure.status } : {};
}

function withDetail(state: RetrieveScuState, detail: RetrieveDetail): RetrieveScuState {
  return { ...state, position: state.position + 1, details: [...state.details, detail] };
}

/** The error of the job tells what became of each query. */
function withDetails(failure: unknown, state: RetrieveScuState): unknown {
  if (!(failure instanceof ServerError)) return failure;
  const payload = { Type: "RetrieveJob", Content: detailsContent(state) };
  return new ServerError(failure.errorName, failure.details, { cause: failure, payload });
}
