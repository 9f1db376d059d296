import type { Catalog, ResourceReference } from "../../catalog/catalog.ts";
import { keywordOf } from "../../dicom/dictionary.ts";
import { tagWithComma } from "../../dicom/tag.ts";
import { generateUid } from "../../dicom/uid.ts";
import { ServerError } from "../../util/errors.ts";
import { newDerivation } from "./derivation-state.ts";
import { newSeed } from "./identifiers.ts";
import type { SplitState } from "./jobs.ts";
import type { Options } from "./modification-order.ts";
import { keyTags } from "./modification.ts";
import { instancesOf } from "./resources.ts";
import { studyModuleTags } from "./study-modules.ts";
import { parseTagPath } from "./tag-path.ts";

/** Series and instances that are to leave their study for a new one. */
export interface SplitOrder extends Options {
  readonly study: string;
  readonly series: readonly string[];
  readonly instances: readonly string[];
  readonly replace: Readonly<Record<string, unknown>>;
  readonly remove: readonly string[];
}

/**
 * The state of a new `SplitStudy` job. Throws `UnknownResource` for what is not in the study, and `ParameterOutOfRange` for attributes that
 * are not the study's or patient's.
 */
export async function splitState(catalog: Pick<Catalog, "find">, order: SplitOrder): Promise<SplitState> {
  const { study, series, instances, replace, remove, ...options } = order;
  for (const name of [...Object.keys(replace), ...remove]) mustBeShared(name);
  const moved: readonly ResourceReference[] = [
    ...series.map((publicId) => ({ level: "Series" as const, publicId })),
    ...instances.map((publicId) => ({ level: "Instance" as const, publicId })),
  ];
  for (const resource of moved) await mustBelong(catalog, resource, study);
  const targetStudyUID = generateUid();
  return newDerivation({
    ...options,
    request: {
      replace: { ...replace, StudyInstanceUID: targetStudyUID },
      remove,
      keep: [],
      removePrivateTags: false,
      privateCreator: "",
    },
    level: "Study",
    seed: newSeed(),
    scope: "series",
    mark: null,
    parents: [study],
    instances: await instancesOf(catalog, moved),
    targetStudyUID,
  });
}

function mustBeShared(name: string): void {
  const { steps, tag } = parseTagPath(name);
  const root = steps[0]?.tag ?? tag;
  if (studyModuleTags.has(root) && root !== keyTags.StudyInstanceUID) return;
  const attribute = `${keywordOf(root)} (${tagWithComma(root)})`;
  throw new ServerError(
    "ParameterOutOfRange",
    `${attribute} is no attribute of patients or studies: it cannot be changed here`,
  );
}

async function mustBelong(catalog: Pick<Catalog, "find">, resource: ResourceReference, study: string): Promise<void> {
  const { level, publicId } = resource;
  const [found] = await catalog.find({ level, publicIds: [publicId], include: { ancestors: true } });
  if (found?.ancestors?.Study === study) return;
  throw new ServerError("UnknownResource", `${level.toLowerCase()} ${publicId} does not belong to study ${study}`);
}
