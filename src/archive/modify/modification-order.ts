import type { Catalog, Level, ResourceReference } from "../../catalog/catalog.ts";
import type { Tag } from "../../dicom/tag.ts";
import { checkHierarchy, checkInPlace } from "./checks.ts";
import { newDerivation, type DerivationOrder } from "./derivation-state.ts";
import { checkIdentifying, readEdits } from "./edits.ts";
import { newSeed } from "./identifiers.ts";
import type { ModificationState } from "./jobs.ts";
import { checkPatient } from "./patient-check.ts";
import { planModification } from "./plan.ts";
import type { ModificationRequest } from "./request.ts";
import { instancesOf } from "./resources.ts";

export interface OrderParts {
  readonly catalog: Pick<Catalog, "find">;
  /** The main DICOM tags of patients. */
  readonly patientTags: readonly Tag[];
  /** Whether an instance gives way to another with its identifiers: `OverwriteInstances` is not `Never`. */
  readonly overwrites: boolean;
  /** `PatientLevelEnabled`: whether the studies of a patient must agree on it. */
  readonly patientLevel: boolean;
}

/** What a client wants to be modified or anonymised. */
export interface ModificationOrder extends Options {
  readonly request: ModificationRequest;
  /** Whether identifiers of resources may be among what is changed. */
  readonly force: boolean;
  /** Resources of this level and those below become new ones. */
  readonly level: Level;
  readonly resources: readonly ResourceReference[];
  /** Whether `resources` is the one resource that the client addressed. */
  readonly isSingle: boolean;
}

/** What the jobs have in common. */
export type Options = Pick<DerivationOrder, "keepSource" | "keepLabels" | "permissive" | "wanted" | "origin">;

/**
 * The state of a new `ResourceModification` job. Throws `UnknownResource`, `BadRequest` where the hierarchy would break, and as
 * `planModification`.
 */
export async function modificationState(parts: OrderParts, order: ModificationOrder): Promise<ModificationState> {
  const { request, force, level, resources, isSingle, ...options } = order;
  const isAnonymization = request.anonymization !== undefined;
  checkIdentifying(readEdits(request), force);
  const modification = planModification(request, level)("");
  checkHierarchy(modification, level);
  checkInPlace(modification, { keepSource: options.keepSource, overwrites: parts.overwrites });
  const instances = await instancesOf(parts.catalog, resources);
  if (parts.patientLevel && level === "Study" && !isAnonymization) {
    await checkPatient(parts, modification, await studiesOf(parts.catalog, resources));
  }
  const [only = null] = resources;
  return newDerivation({
    ...options,
    request,
    level,
    seed: newSeed(),
    scope: "all",
    mark: isAnonymization ? "AnonymizedFrom" : "ModifiedFrom",
    parents: resources.map(({ publicId }) => publicId),
    instances,
    resource: isSingle ? only : null,
  });
}

async function studiesOf(
  catalog: Pick<Catalog, "find">,
  resources: readonly ResourceReference[],
): Promise<readonly string[]> {
  const studies = new Set<string>();
  for (const resource of resources) {
    const found = await catalog.find({
      level: "Study",
      ...(resource.level === "Study" ? { publicIds: [resource.publicId] } : { relatedTo: resource }),
      include: {},
    });
    for (const { publicId } of found) studies.add(publicId);
  }
  return [...studies];
}
