import type { Catalog, ResourceReference } from "../../catalog/catalog.ts";
import { ServerError } from "../../util/errors.ts";
import type { Archive } from "../archive.ts";
import { newDerivation } from "./derivation-state.ts";
import { newSeed } from "./identifiers.ts";
import type { MergeState } from "./jobs.ts";
import type { Options } from "./modification-order.ts";
import { instancesOf, referencesTo } from "./resources.ts";
import { studyAttributes } from "./study-modules.ts";

export interface MergeParts {
  readonly catalog: Pick<Catalog, "find" | "levelOf">;
  readonly archive: Pick<Archive, "header">;
}

/** Studies, series and instances that are to become parts of `study`. */
export interface MergeOrder extends Options {
  readonly study: string;
  readonly resources: readonly string[];
}

/**
 * The state of a new `MergeStudy` job. What instances of a study share is taken from one of the target's. Throws `UnknownResource`, also for
 * what is in the study already and for patients.
 */
export async function mergeState({ catalog, archive }: MergeParts, order: MergeOrder): Promise<MergeState> {
  const { study, resources, ...options } = order;
  const { present, absent } = studyAttributes(await headerOf({ catalog, archive }, study));
  const merged = await referencesTo(catalog, resources);
  for (const resource of merged) await mustBeElsewhere(catalog, resource, study);
  return newDerivation({
    ...options,
    request: { replace: present, remove: absent, keep: [], removePrivateTags: false, privateCreator: "" },
    level: "Study",
    seed: newSeed(),
    scope: "series",
    mark: null,
    parents: resources,
    instances: await instancesOf(catalog, merged),
    targetStudy: study,
  });
}

async function headerOf({ catalog, archive }: MergeParts, study: string) {
  const [found] = await catalog.find({ level: "Study", publicIds: [study], include: { oneInstance: true } });
  const header = found?.oneInstance === undefined ? undefined : await archive.header(found.oneInstance);
  if (header !== undefined) return header.dataset;
  throw new ServerError("UnknownResource", `there is no study ${study} to merge into`);
}

async function mustBeElsewhere(
  catalog: Pick<Catalog, "find">,
  { level, publicId }: ResourceReference,
  study: string,
): Promise<void> {
  if (level === "Patient") {
    const problem = `${publicId} is a patient: expected a study, a series or an instance`;
    throw new ServerError("UnknownResource", problem);
  }
  const [found] = await catalog.find({ level, publicIds: [publicId], include: { ancestors: true } });
  if (publicId !== study && found?.ancestors?.Study !== study) return;
  throw new ServerError("UnknownResource", `${level.toLowerCase()} ${publicId} is in study ${study} already`);
}
