import { implemented, known } from "../option.ts";
import { boolean, count, unset } from "../option-types.ts";

/** Jobs, archives and the threads that Orthanc uses for them. */
export const jobOptions = {
  ConcurrentJobs: implemented(count, 2, "Jobs that run at the same time; 0: as many as processors"),
  JobsHistorySize: implemented(count, 10, "Finished jobs that are remembered"),
  SaveJobs: implemented(boolean, true, "Keep jobs over a restart"),
  MediaArchiveSize: known(count, 1, "Archives of finished jobs that are kept"),
  SynchronousZipStream: known(boolean, true, "Send archives while they are made"),
  ZipUseUtf8: known(boolean, false, "UTF-8 names in archives"),
  SequentialDicomReaderThreadsCount: known(count, 4, "Threads that read files for archives"),
  SequentialDicomReaderWindowSize: known(count, 4, "Instances read ahead for archives"),
  SequentialDicomReaderWindowCapacity: known(count, 128, "Megabytes read ahead for archives"),
  LoaderThreads: known(
    unset(count),
    undefined,
    "Former name of SequentialDicomReaderThreadsCount and StorageLoaderThreadsCount",
  ),
  ZipLoaderThreads: known(unset(count), undefined, "Former name of LoaderThreads"),
  DicomParserThreadsCount: known(count, 2, "Threads that parse DICOM"),
  DicomParserMemoryCapacity: known(count, 256, "Megabytes in flight in the parser"),
  DicomParserCacheSize: known(count, 256, "Megabytes of parsed files kept in memory"),
  TranscoderThreadsCount: known(count, 4, "Threads that transcode"),
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
