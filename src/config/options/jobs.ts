import { implemented, known } from "../option.ts";
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
  SequentialDicomReaderWindowSize: known(count, 4, "Instances read ahead for archives"),
  SequentialDicomReaderWindowCapacity: known(count, 128, "Megabytes read ahead for archives"),
  LoaderThreads: implemented(
    unset(count),
    undefined,
    "Former name of SequentialDicomReaderThreadsCount and StorageLoaderThreadsCount",
  ),
  ZipLoaderThreads: implemented(unset(count), undefined, "Former name of LoaderThreads"),
  DicomParserThreadsCount: known(count, 2, "Threads that parse DICOM"),
  DicomParserMemoryCapacity: known(count, 256, "Megabytes in flight in the parser"),
  DicomParserCacheSize: known(count, 256, "Megabytes of parsed files kept in memory"),
  TranscoderThreadsCount: implemented(
    count,
    4,
    "Threads that decode and encode pixels; at most one for each processor, at least one",
  ),
  TranscoderMemoryCapacity: known(count, 256, "Megabytes in flight in the transcoder"),
  TranscoderCacheSize: known(count, 256, "Megabytes of transcoded files kept in memory"),
  MaximumConcurrentDcmtkTranscoders: known(count, 0, "Transcodings by DCMTK at the same time; 0: no limit"),
};

/** How many jobs of one type run at the same time. */
export const threadOptions = {
  ResourceModification: implemented(
    count,
    1,
    "Instances that a job modifies or anonymizes at the same time, at least 4; 0: as many as processors",
  ),
};
