import { implemented, withoutEffect } from "../option.ts";
import { boolean, count, oneOf, overwriteMode, path } from "../option-types.ts";

/** Where files and index are kept, and how much. */
export const storageOptions = {
  StorageDirectory: implemented(path, "OrthancStorage", "Folder of the stored files"),
  IndexDirectory: implemented(path, "OrthancStorage", "Folder of the SQLite index", { sameAs: "StorageDirectory" }),
  StorageCompression: implemented(boolean, false, "Compress new DICOM files with zlib"),
  MaximumStorageSize: implemented(count, 0, "Megabytes that stored files may take; 0: no limit"),
  MaximumPatientCount: implemented(count, 0, "Patients that may be stored; 0: no limit"),
  MaximumStorageMode: implemented(
    oneOf("Recycle", "Reject"),
    "Recycle",
    "At a limit: delete the oldest unprotected patients (Recycle) or refuse new instances (Reject)",
  ),
  MaximumStorageCacheSize: implemented(count, 128, "Megabytes of stored files kept in memory"),
  StoreDicom: implemented(boolean, true, "Keep the DICOM files; false keeps the index only"),
  StoreMD5ForAttachments: implemented(
    boolean,
    true,
    "Keep what tells whether stored files are intact, and answer their MD5 (which is read from the file where only a CRC-32 was kept)",
  ),
  SyncStorageArea: implemented(boolean, true, "Make every stored file durable on the disk before it is acknowledged"),
  OverwriteInstances: implemented(
    overwriteMode,
    "Never",
    "When an instance is received again: keep the first (Never), take the new one (Always), or take it if its bytes differ (IfChanged)",
  ),
  MaximumFileSizeInArchiveMB: implemented(
    count,
    4096,
    "Megabytes that one file of an uploaded archive may have once unpacked",
  ),
  StorageLoaderThreadsCount: withoutEffect(count, 4, "Threads that read stored files", {
    reason: "files are read without threads that wait for them",
  }),
  StorageMemoryCapacity: withoutEffect(count, 512, "Megabytes in flight between storage and readers", {
    reason: "files are streamed, and who reads slowly makes the reading wait",
  }),
};
