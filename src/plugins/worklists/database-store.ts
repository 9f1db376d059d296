import { parseUtcDate, utcDate, type Clock, type KeyValues, type PluginServer } from "../../plugin-api.ts";
import type { StoredWorklist, WorklistStore } from "./store.ts";

/** What stands in the key-value store `worklists`, as Orthanc has it. */
interface Record {
  /** `YYYYMMDDTHHMMSS`, UTC. */
  readonly CreatedAt: string;
  /** The file in base64. */
  readonly Dicom: string;
}

/** Worklists in the catalog. */
export function databaseStore(
  server: Pick<PluginServer, "keyValues" | "parseDicom" | "log">,
  clock: Clock,
): WorklistStore {
  const values: KeyValues = server.keyValues("worklists");
  const read = (id: string, text: string): StoredWorklist | undefined => {
    try {
      const { CreatedAt, Dicom } = recordOf(text);
      const { dataset } = server.parseDicom(Buffer.from(Dicom, "base64"));
      return { id, dataset, createdAt: parseUtcDate(CreatedAt) };
    } catch (error) {
      server.log.error(`the worklist ${id} of the database cannot be read`, { error });
      return undefined;
    }
  };
  return {
    async *all(): AsyncGenerator<StoredWorklist, void, void> {
      for await (const { key, value } of values.list()) {
        const worklist = read(key, value);
        if (worklist !== undefined) yield worklist;
      }
    },
    async get(id) {
      const text = await values.get(id);
      return text === undefined ? undefined : read(id, text);
    },
    put(id, file) {
      const record: Record = { CreatedAt: utcDate(clock.now()), Dicom: file.toString("base64") };
      return values.set(id, JSON.stringify(record));
    },
    delete: (id) => values.delete(id),
  };
}

function recordOf(text: string): Record {
  const value: unknown = JSON.parse(text);
  if (typeof value === "object" && value !== null && "CreatedAt" in value && "Dicom" in value) {
    const { CreatedAt, Dicom } = value;
    if (typeof CreatedAt === "string" && typeof Dicom === "string") return { CreatedAt, Dicom };
  }
  throw new TypeError('expected an object with the texts "CreatedAt" and "Dicom"');
}
