import type { ResourceReference } from "../../catalog/catalog.ts";
import type { JobType } from "../../jobs/job.ts";
import { runDerivation, type DerivationParts } from "./derivation-run.ts";
import { derivationContent, restartedDerivation, type DerivationState } from "./derivation-state.ts";

/** The state of a `ResourceModification` job. */
export interface ModificationState extends DerivationState {
  /** What the client named, when that was one resource by its own address. */
  readonly resource: ResourceReference | null;
}

/** The state of a `SplitStudy` job. */
export interface SplitState extends DerivationState {
  readonly targetStudyUID: string;
}

/** The state of a `MergeStudy` job. */
export interface MergeState extends DerivationState {
  readonly targetStudy: string;
}

/** The jobs that make new instances of stored ones. */
export interface DerivationJobs {
  readonly modification: JobType<ModificationState>;
  readonly split: JobType<SplitState>;
  readonly merge: JobType<MergeState>;
}

export function derivationJobs(parts: DerivationParts): DerivationJobs {
  return {
    modification: derivationJob(parts, "ResourceModification", modificationContent),
    split: derivationJob(parts, "SplitStudy", ({ outputs, targetStudyUID }) => ({
      ...(outputs.studies[0] === undefined ? {} : { TargetStudy: outputs.studies[0] }),
      TargetStudyUID: targetStudyUID,
    })),
    merge: derivationJob(parts, "MergeStudy", ({ targetStudy }) => ({ TargetStudy: targetStudy })),
  };
}

function derivationJob<State extends DerivationState>(
  parts: DerivationParts,
  type: string,
  content: (state: State) => Record<string, unknown>,
): JobType<State> {
  return {
    type,
    run: (state, signal) => runDerivation(parts, state, signal),
    describe: (state) => ({ ...derivationContent(state), ...content(state) }),
    restart: restartedDerivation,
  };
}

function modificationContent(state: ModificationState): Record<string, unknown> {
  const { request, wanted, resource, outputs } = state;
  const common = {
    IsAnonymization: request.anonymization !== undefined,
    ...(wanted === undefined ? {} : { Transcode: wanted.transferSyntaxUID }),
  };
  const made = madeResources(outputs);
  if (resource === null) return { ...common, Resources: made.map(resourceJson) };
  const own = made.find(({ level }) => level === resource.level);
  return {
    ...common,
    Resources: [{ ID: resource.publicId, Type: resource.level }],
    ...(own === undefined ? {} : { ...resourceJson(own), PatientID: outputs.patients[0] }),
  };
}

function madeResources({ patients, studies, series, instances }: DerivationState["outputs"]): ResourceReference[] {
  return [
    ...patients.map((publicId) => ({ level: "Patient" as const, publicId })),
    ...studies.map((publicId) => ({ level: "Study" as const, publicId })),
    ...Object.keys(series).map((publicId) => ({ level: "Series" as const, publicId })),
    ...instances.map((publicId) => ({ level: "Instance" as const, publicId })),
  ];
}

const paths = { Patient: "patients", Study: "studies", Series: "series", Instance: "instances" } as const;

function resourceJson({ level, publicId }: ResourceReference): Record<string, unknown> {
  return { ID: publicId, Path: `/${paths[level]}/${publicId}`, Type: level };
}
