import { known } from "../option.ts";
import { boolean, count, map, oneOf, unset } from "../option-types.ts";

/** What makes it run. */
export const triggers = {
  StorageCompressionChange: known(boolean, true, "StorageCompression was changed"),
  MainDicomTagsChange: known(boolean, true, "The indexed tags were changed"),
  UnnecessaryDicomAsJsonFiles: known(boolean, true, "Old attachments are no longer needed"),
  IngestTranscodingChange: known(boolean, true, "IngestTranscoding was changed"),
  DicomWebCacheChange: known(boolean, true, "The DICOMweb cache was changed"),
};

/** The Housekeeper. */
export const housekeeperOptions = {
  Enable: known(boolean, false, "Run in the background"),
  GlobalPropertyId: known(count, 1025, "Where its progress is kept in the database"),
  Force: known(boolean, false, "Go through everything even if nothing changed"),
  ForceReconstructFiles: known(boolean, false, "Always rewrite files"),
  ThrottleDelay: known(count, 5, "Seconds between studies"),
  Schedule: known(unset(map), undefined, "Hours of each day at which it may run"),
  LimitMainDicomTagsReconstructLevel: known(
    oneOf("Patient", "Study", "Series", "Instance", "All"),
    "All",
    "Level whose tags are read again",
  ),
};
