import type { StoredBytes } from "./spool.ts";
import type { JsonDataset } from "./json-dataset.ts";

/** The UIDs that an instance is known by: at Google all three together, not the last alone. */
export interface InstanceUids {
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly SOPInstanceUID: string;
}

/** One instance, bytes as received. */
export interface StoredInstance extends InstanceUids {
  readonly SOPClassUID: string;
  readonly transferSyntaxUID: string;
  /** What searches may ask and answer. */
  readonly attributes: JsonDataset;
  readonly bytes: StoredBytes;
  /** Milliseconds since 1970 by the emulator's clock. */
  readonly storedAt: number;
}

/** A study, series or instance, or everything. */
export interface Selection {
  readonly study?: string;
  readonly series?: string;
  readonly instance?: string;
}

interface Tombstone {
  readonly instance: StoredInstance;
  readonly deletedAt: number;
}

/** What became of an instance that was offered. */
export type StoreOutcome = "stored" | "identical" | "conflict" | "replaced" | "being-deleted";

/** One DICOM store of a dataset. */
export class DicomStore {
  /** `projects/P/locations/L/datasets/D/dicomStores/S`. */
  readonly name: string;
  readonly #studies = new Map<string, Map<string, StoredInstance>>();
  readonly #deletions = new Set<Selection>();
  #tombstones: Tombstone[] = [];

  constructor(name: string) {
    this.name = name;
  }

  /** Keeps an instance unless the UIDs are taken by other bytes; `replace` puts it in their place. */
  put(instance: StoredInstance, replace: boolean): StoreOutcome {
    if (this.#isBeingDeleted(instance)) return "being-deleted";
    const study = this.#studies.get(instance.StudyInstanceUID) ?? new Map<string, StoredInstance>();
    const present = study.get(key(instance));
    if (present?.bytes.sha256 === instance.bytes.sha256) return "identical";
    if (present !== undefined && !replace) return "conflict";
    study.set(key(instance), instance);
    this.#studies.set(instance.StudyInstanceUID, study);
    return present === undefined ? "stored" : "replaced";
  }

  /** In the order in which they came, study by study. */
  select(selection: Selection): StoredInstance[] {
    const studies =
      selection.study === undefined ? this.#studies.values() : [this.#studies.get(selection.study) ?? new Map()];
    return [...studies].flatMap((study) => [...study.values()]).filter((instance) => within(instance, selection));
  }

  /** What a search finds whose index is `lag` milliseconds behind. */
  searchable(selection: Selection, now: number, lag: number): StoredInstance[] {
    const indexed = this.select(selection).filter((instance) => instance.storedAt + lag <= now);
    this.#tombstones = this.#tombstones.filter((tombstone) => tombstone.deletedAt + lag > now);
    const ghosts = this.#tombstones.map((tombstone) => tombstone.instance);
    return [...indexed, ...ghosts.filter((instance) => within(instance, selection))];
  }

  /** Forgets a selection and returns it; its bytes are the caller's to remove. */
  remove(selection: Selection, now: number): StoredInstance[] {
    const removed = this.select(selection);
    for (const instance of removed) {
      const study = this.#studies.get(instance.StudyInstanceUID);
      study?.delete(key(instance));
      if (study?.size === 0) this.#studies.delete(instance.StudyInstanceUID);
      this.#tombstones.push({ instance, deletedAt: now });
    }
    return removed;
  }

  /** Until `endDeletion`, nothing is taken into `selection`. */
  beginDeletion(selection: Selection): void {
    this.#deletions.add(selection);
  }

  endDeletion(selection: Selection): void {
    this.#deletions.delete(selection);
  }

  #isBeingDeleted(instance: InstanceUids): boolean {
    return [...this.#deletions].some((selection) => within(instance, selection));
  }
}

function key(uids: InstanceUids): string {
  return `${uids.SeriesInstanceUID}/${uids.SOPInstanceUID}`;
}

function within(uids: InstanceUids, selection: Selection): boolean {
  return (
    (selection.study === undefined || selection.study === uids.StudyInstanceUID) &&
    (selection.series === undefined || selection.series === uids.SeriesInstanceUID) &&
    (selection.instance === undefined || selection.instance === uids.SOPInstanceUID)
  );
}
