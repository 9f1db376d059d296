import type { ChangeType, Level, ResourceReference, StoreResult } from "../catalog/catalog.ts";
import type { BlobRemoval } from "./blob-removal.ts";
import type { Events } from "./events.ts";
import type { Headers } from "./headers.ts";
import type { Candidate } from "./instance-metadata.ts";
import { mainTagValues, type MainTagsByLevel } from "./main-tags.ts";
import type { Stability } from "./stability.ts";

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
  emitStored(after, candidate);
  for (const level of created) {
    const resource = { level, publicId: identifiers[level] };
    after.events.emit({ type: "Change", change: newChanges[level], resource });
  }
}

function emitStored({ events, mainTags }: Aftermath, { header, identifiers, origin }: Candidate): void {
  const { dataset } = header;
  events.emit({
    type: "StoredInstance",
    publicId: identifiers.Instance,
    origin,
    // Few listeners want them.
    get tags() {
      return {
        ...mainTagValues(dataset, mainTags.Patient),
        ...mainTagValues(dataset, mainTags.Study),
        ...mainTagValues(dataset, mainTags.Series),
        ...mainTagValues(dataset, mainTags.Instance),
      };
    },
  });
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
