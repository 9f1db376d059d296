import { failureContent, type JobFailure } from "./job-failure.ts";
import type { JobHeaders } from "./job-headers.ts";
import type { FailedInstance } from "./stow-outcome.ts";
import type { StowResources } from "./stow-resources.ts";

/** The state of a `DicomWebStowClient` job. */
export interface StowState {
  readonly server: string;
  /** As asked for. */
  readonly resources: StowResources;
  readonly headers: JobHeaders;
  /** Orthanc's identifiers, in the order of sending. */
  readonly instances: readonly string[];
  /** The server has answered for the instances before it. */
  readonly position: number;
  /** Instances that were stored before the job was resubmitted. */
  readonly storedBefore: number;
  /** Bytes of the files that were sent. */
  readonly networkSize: number;
  readonly failed: readonly FailedInstance[];
  readonly failure: JobFailure | null;
}

/** Failed instances that the job's content lists. */
const listedFailures = 100;
/** Failed instances that the job's error names. */
const namedFailures = 3;

/** The state of a new job. */
export function stowState(
  server: string,
  { resources, instances }: { readonly resources: StowResources; readonly instances: readonly string[] },
  headers: JobHeaders,
): StowState {
  const begin = { position: 0, storedBefore: 0, networkSize: 0, failed: [], failure: null };
  return { server, resources, instances, headers, ...begin };
}

/** The state of a job that is resubmitted: what failed and what was not answered for is sent again. */
export function restartedStow(state: StowState): StowState {
  const instances = [...state.failed.map(({ id }) => id), ...state.instances.slice(state.position)];
  const storedBefore = state.storedBefore + state.instances.length - instances.length;
  return { ...state, instances, storedBefore, position: 0, failed: [], failure: null };
}

/** Orthanc's `Content`, and what became of the instances that failed. */
export function stowContent(state: StowState): Record<string, unknown> {
  const failed = {
    FailedInstancesCount: String(state.failed.length),
    FailedInstances: state.failed.slice(0, listedFailures).map(({ id, SOPInstanceUID, reason }) => ({
      ID: id,
      SOPInstanceUID,
      Reason: reason,
    })),
  };
  return {
    Resources: state.resources,
    Server: state.server,
    InstancesCount: String(state.storedBefore + state.instances.length),
    NetworkSizeMB: String(Math.floor(state.networkSize / 1_048_576)),
    ...(state.failed.length === 0 ? {} : failed),
    ...failureContent(state.failure),
  };
}

/** `"pacs" did not store 1 of 3 instances: 1.2.3: 0110 (processing failure)` */
export function describeFailed({ server, failed, instances, storedBefore }: StowState): string {
  const named = failed
    .slice(0, namedFailures)
    .map(({ id, SOPInstanceUID, reason }) => `${SOPInstanceUID || id}: ${reason}`);
  const more = failed.length > namedFailures ? [`and ${failed.length - namedFailures} more`] : [];
  const total = storedBefore + instances.length;
  return `"${server}" did not store ${failed.length} of ${total} instances: ${[...named, ...more].join("; ")}`;
}
