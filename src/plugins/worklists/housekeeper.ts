import {
  hashIdentifiers,
  type Clock,
  type Dataset,
  type LocalClient,
  type Log,
  ServerError,
} from "../../plugin-api.ts";
import type { WorklistSettings } from "./settings.ts";
import type { StoredWorklist, WorklistStore } from "./store.ts";

export interface HousekeeperParts {
  readonly store: WorklistStore;
  readonly settings: Pick<WorklistSettings, "deleteAfter" | "deleteOnStableStudy" | "housekeepingInterval">;
  readonly ask: LocalClient;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Housekeeper {
  /** Stops, and waits for the cleaning that is under way. */
  close(): Promise<void>;
}

const PatientID = 0x00100020;
const StudyInstanceUID = 0x0020000d;

/** Drops worklists, once in a while, that are too old or whose study has come and is stable. */
export function startHousekeeper(parts: HousekeeperParts): Housekeeper {
  const { clock, log, settings } = parts;
  let isClosed = false;
  let cancel: (() => void) | undefined;
  let cleaning = Promise.resolve();
  const schedule = (): void => {
    if (isClosed) return;
    cancel = clock.after(settings.housekeepingInterval, () => {
      cleaning = clean(parts, () => isClosed)
        .catch((error: unknown) => log.error("the worklists cannot be cleaned", { error }))
        .finally(schedule);
    });
  };
  if (settings.deleteAfter > 0 || settings.deleteOnStableStudy) schedule();
  return {
    async close() {
      isClosed = true;
      cancel?.();
      await cleaning;
    },
  };
}

async function clean(parts: HousekeeperParts, isClosed: () => boolean): Promise<void> {
  for await (const worklist of parts.store.all()) {
    if (isClosed()) return;
    const reason = await reasonToDelete(worklist, parts);
    if (reason === undefined) continue;
    await parts.store.delete(worklist.id);
    parts.log.info(`the worklist ${worklist.id} was deleted: ${reason}`);
  }
}

async function reasonToDelete(
  { dataset, createdAt }: StoredWorklist,
  { settings, ask, clock }: HousekeeperParts,
): Promise<string | undefined> {
  const { deleteAfter, deleteOnStableStudy } = settings;
  if (deleteAfter > 0 && createdAt !== undefined && clock.now() - createdAt > deleteAfter) return "it is too old";
  return deleteOnStableStudy && (await isStudyStable(dataset, ask)) ? "its study is stable" : undefined;
}

async function isStudyStable(worklist: Dataset, ask: LocalClient): Promise<boolean> {
  const study = worklist.text(StudyInstanceUID) ?? "";
  if (study === "") return false;
  const patient = worklist.text(PatientID) ?? "";
  const ids = hashIdentifiers({
    PatientID: patient,
    StudyInstanceUID: study,
    SeriesInstanceUID: "",
    SOPInstanceUID: "",
  });
  try {
    const description = await (await ask("GET", `/studies/${ids.Study}?response-content=IsStable`)).json();
    return (
      typeof description === "object" &&
      description !== null &&
      "IsStable" in description &&
      description.IsStable === true
    );
  } catch (error) {
    if (error instanceof ServerError && error.errorName === "UnknownResource") return false;
    throw error;
  }
}
