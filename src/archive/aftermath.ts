import type { ChangeType, Level, ResourceReference, StoreResult, TagValues } from "../catalog/catalog.ts";
import type { Dataset } from "../dicom/dataset.ts";
import type { ArchiveEvent, Origin } from "./archive.ts";
import type { BlobRemoval } from "./blob-removal.ts";
import type { Events } from "./events.ts";
import type { Headers } from "./headers.ts";
import type { Candidate } from "./instance-metadata.ts";
import { mainTagValues, type MainTagsByLevel } from "./main-tags.ts";
import type { Stability } from "./stability.ts";

type StoredInstanceEvent = Extract<ArchiveEvent, { type: "StoredInstance" }>;

/** What has to hear of a commit. */
export interface Aftermath {
  readonly events: Events;
  readonly removal: BlobRemoval;
  readonly headers: Headers;
  readonly stability: Stability;
  readonly mainTags: MainTagsByLevel;
}

const newChanges = {
  Patient: "NewPatient",
  Study: "NewStudy",
  Series: "NewSeries",
  Instance: "NewInstance",
} as const satisfies Record<Level, ChangeType>;

const stableChanges: Readonly<Partial<Record<Level, ChangeType>>> = {
  Patient: "StablePatient",
  Study: "StableStudy",
  Series: "StableSeries",
};

/** After an instance was stored; nothing here makes its sender wait. */
export function afterStore(
  after: Aftermath,
  candidate: Candidate,
  { created, deleted, orphaned }: Extract<StoreResult, { status: "Success" }>,
): void {
  afterRemoval(after, deleted);
  after.removal.later(orphaned);
  const { identifiers } = candidate;
  after.stability.touch({ level: "Patient", publicId: identifiers.Patient });
  after.stability.touch({ level: "Study", publicId: identifiers.Study });
  after.stability.touch({ level: "Series", publicId: identifiers.Series });
  if (!after.events.heard) return;
  after.events.emit(new StoredInstance(candidate, after.mainTags));
  for (const level of created) {
    const resource = { level, publicId: identifiers[level] };
    after.events.emit({ type: "Change", change: newChanges[level], resource });
  }
}

/** Few listeners want the tags. A class, for the reason that byLevel has (by-level.ts). */
class StoredInstance implements StoredInstanceEvent {
  readonly type = "StoredInstance";
  readonly publicId: string;
  readonly origin: Origin;
  readonly #dataset: Dataset;
  readonly #mainTags: MainTagsByLevel;

  constructor({ header, identifiers, origin }: Candidate, mainTags: MainTagsByLevel) {
    this.publicId = identifiers.Instance;
    this.origin = origin;
    this.#dataset = header.dataset;
    this.#mainTags = mainTags;
  }

  get tags(): TagValues {
    const { Patient, Study, Series, Instance } = this.#mainTags;
    return Object.assign({}, ...[Patient, Study, Series, Instance].map((tags) => mainTagValues(this.#dataset, tags)));
  }
}

/** After resources lost their rows. */
export function afterRemoval(
  { events, headers, stability }: Pick<Aftermath, "events" | "headers" | "stability">,
  deleted: readonly ResourceReference[],
): void {
  for (const resource of deleted) {
    if (resource.level === "Instance") headers.forget(resource.publicId);
    else stability.forget(resource.publicId);
    events.emit({ type: "Deleted", resource });
  }
}

/** After a resource was marked as stable. */
export function afterStable(events: Events, resource: ResourceReference): void {
  const change = stableChanges[resource.level];
  if (change !== undefined) events.emit({ type: "Change", change, resource });
}
