import type { Archive } from "../archive/archive.ts";
import type { JointStore } from "../archive/joint-store.ts";
import type { SweepableStorage } from "../storage/filesystem.ts";
import type { Log, LogCategory, Logs } from "../util/log.ts";
import type { Metrics } from "../util/metrics.ts";
import { totalLength } from "../util/total-length.ts";

const written = "orthanc_storage_written_bytes";
const read = "orthanc_storage_read_bytes";
const createDuration = "orthanc_storage_create_duration_ms";
const readDuration = "orthanc_storage_read_duration_ms";

/** A storage that tells how long it takes and how much it moves; of a stream the time that it makes its reader wait. */
export function measuredStorage(storage: SweepableStorage, metrics: Metrics): SweepableStorage {
  metrics.add(written, 0);
  metrics.add(read, 0);
  return {
    ...storage,
    async write(...blob) {
      const result = await timed(metrics, createDuration, () => storage.write(...blob));
      metrics.add(written, result.size);
      return result;
    },
    read: (...blob) => measuredStream(storage.read(...blob), metrics),
    async readInto(...blob) {
      const size = await timed(metrics, readDuration, () => storage.readInto(...blob));
      metrics.add(read, size);
      return size;
    },
    remove: (blob) => timed(metrics, "orthanc_storage_remove_duration_ms", () => storage.remove(blob)),
  };
}

/** What a joint store is given does not go through the storage; the time of a file that is stored with its row is that of both. */
export function measuredJointStore(joint: JointStore, metrics: Metrics): JointStore {
  return {
    ...joint,
    async store(instance, policy, file) {
      if (file === "unflushed" || file.length === 0) return joint.store(instance, policy, file);
      const result = await timed(metrics, createDuration, () => joint.store(instance, policy, file));
      if (result.status === "Success") metrics.add(written, totalLength(file));
      return result;
    },
    async write(...blob) {
      const result = await timed(metrics, createDuration, () => joint.write(...blob));
      metrics.add(written, result.size);
      return result;
    },
  };
}

/** An archive that tells how long it takes to store an instance. */
export function measuredArchive(archive: Archive, metrics: Metrics): Archive {
  return {
    ...archive,
    ingest: (...instance) => timed(metrics, "orthanc_store_dicom_duration_ms", () => archive.ingest(...instance)),
  };
}

/** Logs that count errors and warnings, whether they are printed or not. */
export function countedLogs(logs: Logs, metrics: Metrics): Logs {
  metrics.add("orthanc_logged_errors_count", 0);
  metrics.add("orthanc_logged_warnings_count", 0);
  const counted = (log: Log): Log => ({
    ...log,
    error(...line) {
      metrics.add("orthanc_logged_errors_count", 1);
      log.error(...line);
    },
    warn(...line) {
      metrics.add("orthanc_logged_warnings_count", 1);
      log.warn(...line);
    },
  });
  return { ...logs, category: (category: LogCategory) => counted(logs.category(category)) };
}

async function timed<Result>(metrics: Metrics, name: string, act: () => Promise<Result>): Promise<Result> {
  const start = performance.now();
  try {
    return await act();
  } finally {
    metrics.duration(name, performance.now() - start);
  }
}

async function* measuredStream(
  source: AsyncIterable<Uint8Array>,
  metrics: Metrics,
): AsyncGenerator<Uint8Array, void, void> {
  const chunks = source[Symbol.asyncIterator]();
  let waited = 0;
  let size = 0;
  try {
    for (;;) {
      const start = performance.now();
      const next = await chunks.next();
      waited += performance.now() - start;
      if (next.done === true) return;
      size += next.value.length;
      yield next.value;
    }
  } finally {
    await chunks.return?.();
    metrics.duration(readDuration, waited);
    metrics.add(read, size);
  }
}
