import type { Level } from "../catalog/catalog.ts";

/** A resource that was asked for, as Orthanc's jobs list it. */
export interface SentResource {
  readonly ID: string;
  readonly Type: Level;
}

/** What a job that sends instances, one after the other, keeps in its state. */
export interface SendingState {
  /** As asked for. */
  readonly resources: readonly SentResource[];
  /** Orthanc's identifiers, in the order of sending. */
  readonly instances: readonly string[];
  /** An instance that is not taken does not stop the others. */
  readonly permissive: boolean;
  /** Those before it have been dealt with. */
  readonly position: number;
  /** Instances that were sent before the job was resubmitted. */
  readonly sentBefore: number;
  /** Of those before the position, the ones that were not stored. */
  readonly failed: readonly string[];
}

/** Where a job stands that has not begun. */
export const nothingSent = { position: 0, sentBefore: 0, failed: [] } as const;

/** The state of a job that is resubmitted: what failed and what was not sent yet. */
export function restartedSending<State extends SendingState>(state: State): State {
  const instances = [...state.failed, ...state.instances.slice(state.position)];
  const sentBefore = state.sentBefore + state.instances.length - instances.length;
  return { ...state, ...nothingSent, instances, sentBefore };
}

/** The part of Orthanc's `Content` that all jobs of this kind have. */
export function sendingContent(state: SendingState): Record<string, unknown> {
  const { resources, sentBefore, instances, failed } = state;
  const parents = [...new Set(resources.map(({ ID }) => ID))].toSorted();
  return {
    InstancesCount: sentBefore + instances.length,
    FailedInstancesCount: failed.length,
    ...(parents.length === 0 ? {} : { ParentResources: parents }),
    Resources: resources,
  };
}
