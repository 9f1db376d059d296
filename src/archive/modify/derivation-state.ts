import type { Level } from "../../catalog/catalog.ts";
import type { Origin } from "../archive.ts";
import type { ModificationRequest } from "./request.ts";
import type { WantedSyntax } from "./source-file.ts";

/** What a job that makes new instances of stored ones is to do. */
export interface DerivationOrder {
  readonly request: ModificationRequest;
  readonly level: Level;
  /** What new identifiers are made from. */
  readonly seed: string;
  /** Where one old identifier gets one new: in all instances, or in those of one series, however others use it. */
  readonly scope: "all" | "series";
  /** Metadata that tells what a new resource was made from; null for none. */
  readonly mark: "ModifiedFrom" | "AnonymizedFrom" | null;
  readonly keepSource: boolean;
  readonly keepLabels: boolean;
  /** An instance that fails does not fail the job. */
  readonly permissive: boolean;
  readonly wanted?: WantedSyntax;
  readonly origin: Origin;
  /** Resources that the client named. */
  readonly parents: readonly string[];
  /** Orthanc's identifiers. */
  readonly instances: readonly string[];
}

/** New resources. */
export interface Outputs {
  readonly patients: readonly string[];
  readonly studies: readonly string[];
  /** Of each series, the instance that was made last. */
  readonly series: Readonly<Record<string, string>>;
  readonly instances: readonly string[];
}

/** The state of such a job. */
export interface DerivationState extends DerivationOrder {
  /** Instances before it have been dealt with. */
  readonly position: number;
  readonly failed: readonly string[];
  readonly outputs: Outputs;
}

const nothing: Pick<DerivationState, "position" | "failed" | "outputs"> = {
  position: 0,
  failed: [],
  outputs: { patients: [], studies: [], series: {}, instances: [] },
};

/** The state of a new job. */
export function newDerivation<Order extends DerivationOrder>(order: Order): Order & DerivationState {
  return { ...order, ...nothing };
}

/** All over again, with the same identifiers: what is stored already is found to be so. */
export function restartedDerivation<State extends DerivationState>(state: State): State {
  return { ...state, ...nothing };
}

/** What became of one instance: the identifiers of the new one, or why there is none. */
export type Outcome =
  | { readonly instance: string; readonly made: Readonly<Record<Level, string>> }
  | { readonly instance: string; readonly error: unknown };

/** The state after some more instances. */
export function afterOutcomes<State extends DerivationState>(state: State, outcomes: readonly Outcome[]): State {
  const made = outcomes.flatMap((outcome) => ("made" in outcome ? [outcome.made] : []));
  const { patients, studies, series, instances } = state.outputs;
  const failed = outcomes.filter((outcome) => "error" in outcome).map(({ instance }) => instance);
  return {
    ...state,
    position: state.position + outcomes.length,
    failed: [...state.failed, ...failed],
    outputs: {
      patients: [...new Set([...patients, ...made.map(({ Patient }) => Patient)])],
      studies: [...new Set([...studies, ...made.map(({ Study }) => Study)])],
      series: { ...series, ...Object.fromEntries(made.map(({ Series, Instance }) => [Series, Instance])) },
      instances: [...instances, ...made.map(({ Instance }) => Instance)],
    },
  };
}

/** What Orthanc tells in the content of all these jobs. */
export function derivationContent({ instances, failed, parents }: DerivationState): Record<string, unknown> {
  return {
    Description: "REST API",
    InstancesCount: instances.length,
    FailedInstancesCount: failed.length,
    ParentResources: parents,
  };
}
