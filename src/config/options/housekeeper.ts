import { implemented, withoutEffect } from "../option.ts";
import { boolean, count, map, oneOf, unset } from "../option-types.ts";

/** What makes it run. */
export const triggers = {
  StorageCompressionChange: implemented(boolean, true, "StorageCompression was changed"),
  MainDicomTagsChange: implemented(boolean, true, "The indexed tags were changed"),
  UnnecessaryDicomAsJsonFiles: withoutEffect(boolean, true, "Old attachments are no longer needed", {
    reason: "such attachments were never made",
  }),
  IngestTranscodingChange: implemented(boolean, true, "IngestTranscoding was changed"),
  DicomWebCacheChange: implemented(boolean, true, "The DICOMweb cache was changed"),
};

/** The Housekeeper. */
export const housekeeperOptions = {
  Enable: implemented(boolean, false, "Run in the background"),
  GlobalPropertyId: withoutEffect(count, 1025, "Where its progress is kept in the database", {
    reason: "its progress is in a key-value store of its own",
  }),
  Force: implemented(boolean, false, "Go through everything even if nothing changed"),
  ForceReconstructFiles: implemented(boolean, false, "Always rewrite files"),
  ThrottleDelay: implemented(count, 5, "Seconds between studies"),
  Schedule: implemented(unset(map), undefined, "Hours of each day at which it may run"),
  LimitMainDicomTagsReconstructLevel: implemented(
    oneOf("Patient", "Study", "Series", "Instance", "All"),
    "All",
    "Level whose tags are read again",
  ),
};
