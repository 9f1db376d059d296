import type { JobType, Progress } from "../jobs/job.ts";
import type { Log } from "../util/log.ts";
import type { Clock } from "./clock.ts";
import { failureContent, jobFailure, type JobFailure } from "./job-failure.ts";
import type { JobHeaders, JobHeaderStore } from "./job-headers.ts";
import { retrieveResource, type RetrieveParts } from "./retrieve-resource.ts";
import { policyFor, retryPolicy, waitBeforeRetry, type RetryPolicy } from "./retry.ts";

/** The state of a `DicomWebWadoRetrieveClient` job. */
export interface RetrieveState {
  readonly server: string;
  /** Below the server's URL. */
  readonly paths: readonly string[];
  readonly queryArguments: Readonly<Record<string, string>>;
  readonly headers: JobHeaders;
  /** Those before it are retrieved. */
  readonly position: number;
  /** Orthanc's identifiers of what came. */
  readonly instances: readonly string[];
  /** Bytes. */
  readonly networkSize: number;
  readonly failure: JobFailure | null;
}

export interface RetrieveJobParts extends RetrieveParts {
  readonly headers: JobHeaderStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly policy?: RetryPolicy;
}

/** Milliseconds between two reports of progress. */
const reportInterval = 500;

/** The state of a new job. */
export function retrieveState(
  state: Pick<RetrieveState, "server" | "paths" | "queryArguments" | "headers">,
): RetrieveState {
  return { ...state, position: 0, instances: [], networkSize: 0, failure: null };
}

/**
 * The job that retrieves studies, series and instances by WADO-RS. What is interrupted is retrieved again as a whole: instances
 * that are there already cost no more than their transfer.
 */
export function retrieveJob(parts: RetrieveJobParts): JobType<RetrieveState> {
  return {
    type: "DicomWebWadoRetrieveClient",
    run: (state, signal) => run(parts, { ...state, failure: null }, signal),
    describe: (state) => ({
      Server: state.server,
      ReceivedInstancesCount: String(state.instances.length),
      NetworkUsageMB: String(Math.floor(state.networkSize / 1_048_576)),
      Instances: state.instances,
      ...failureContent(state.failure),
    }),
  };
}

async function* run(
  parts: RetrieveJobParts,
  saved: RetrieveState,
  signal: AbortSignal,
): AsyncGenerator<Progress<RetrieveState>, void, void> {
  let state = saved;
  try {
    while (state.position < state.paths.length) {
      for await (const reached of retrieveNext(parts, state, signal)) {
        state = reached;
        yield { state, fraction: state.position / state.paths.length };
      }
    }
  } catch (error) {
    if (signal.aborted) throw error;
    state = { ...state, failure: jobFailure(error) };
    yield { state, fraction: state.position / state.paths.length };
    throw error;
  }
}

/** Retrieves the path at the position, with retries; the last state it yields is beyond it. */
async function* retrieveNext(
  parts: RetrieveJobParts,
  before: RetrieveState,
  signal: AbortSignal,
): AsyncGenerator<RetrieveState, void, void> {
  const { clock, log } = parts;
  const { server, queryArguments, position } = before;
  const path = before.paths[position] ?? "";
  const policy = policyFor(parts.client.server(server), parts.policy ?? retryPolicy);
  const request = { server, path, queryArguments, headers: parts.headers.all(before.headers), signal };
  for (let failures = 1; ; failures++) {
    const came: string[] = [];
    let networkSize = 0;
    const reached = (next: number): RetrieveState => ({
      ...before,
      position: next,
      // What was interrupted comes again.
      instances: [...new Set([...before.instances, ...came])],
      networkSize: before.networkSize + networkSize,
    });
    try {
      let reported = clock.now();
      for await (const received of retrieveResource(parts, request)) {
        came.push(received.id);
        networkSize = received.networkSize;
        if (clock.now() - reported >= reportInterval) {
          reported = clock.now();
          yield reached(position);
        }
      }
      yield reached(position + 1);
      return;
    } catch (error) {
      await waitBeforeRetry(`WADO-RS of ${path} from "${server}"`, error, failures, { policy, clock, log, signal });
    }
  }
}
