import { implemented, withoutEffect } from "../option.ts";
import { boolean, count, integer, unset } from "../option-types.ts";

/** Jobs, archives and the threads that Orthanc uses for them. */
export const jobOptions = {
  ConcurrentJobs: implemented(count, 2, "Jobs that run at the same time; 0: as many as processors"),
  JobsHistorySize: implemented(count, 10, "Finished jobs that are remembered"),
  SaveJobs: implemented(boolean, true, "Keep jobs over a restart"),
  MediaArchiveSize: implemented(
    integer(1, 1_000_000),
    1,
    "Archives of finished jobs that are kept, until the server stops",
  ),
  SynchronousZipStream: implemented(boolean, true, "Send archives while they are made"),
  ZipUseUtf8: implemented(boolean, false, "UTF-8 names in archives"),
  SequentialDicomReaderThreadsCount: implemented(
    count,
    4,
    "Files that are read and packed at the same time for an archive",
  ),
  SequentialDicomReaderWindowSize: implemented(
    count,
    4,
    "Most files that are worked on for an archive, whatever the number of threads",
  ),
  SequentialDicomReaderWindowCapacity: withoutEffect(count, 128, "Megabytes read ahead for archives", {
    reason: "files are packed in small pieces, whatever their size",
  }),
  LoaderThreads: implemented(
    unset(count),
    undefined,
    "Former name of SequentialDicomReaderThreadsCount and StorageLoaderThreadsCount",
  ),
  ZipLoaderThreads: implemented(unset(count), undefined, "Former name of LoaderThreads"),
  DicomParserThreadsCount: withoutEffect(count, 2, "Threads that parse DICOM", {
    reason: "a header is read in microseconds, while the file streams by",
  }),
  DicomParserMemoryCapacity: withoutEffect(count, 256, "Megabytes in flight in the parser", {
    reason: "large values stay in the file, so a parsed file is small",
  }),
  DicomParserCacheSize: withoutEffect(count, 256, "Megabytes of parsed files kept in memory", {
    reason: "parsed headers are kept within MaximumStorageCacheSize",
  }),
  TranscoderThreadsCount: implemented(
    count,
    4,
    "Threads that decode and encode pixels; at most one for each processor, at least one",
  ),
  TranscoderMemoryCapacity: withoutEffect(count, 256, "Megabytes in flight in the transcoder", {
    reason: "files are transcoded a few frames at a time",
  }),
  TranscoderCacheSize: withoutEffect(count, 256, "Megabytes of transcoded files kept in memory", {
    reason: "only the frames that are asked for are transcoded, not whole files",
  }),
  MaximumConcurrentDcmtkTranscoders: implemented(
    count,
    0,
    "Frames that are decoded and encoded at the same time, at most; 0: TranscoderThreadsCount",
  ),
};

/** How many jobs of one type run at the same time. */
export const threadOptions = {
  ResourceModification: implemented(
    count,
    1,
    "Instances that a job modifies or anonymizes at the same time, at least 4; 0: as many as processors",
  ),
};
