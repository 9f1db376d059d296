import { implemented, withoutEffect } from "../option.ts";
import { boolean } from "../option-types.ts";

/** Switches of single warnings. */
export const warningOptions = {
  W001_TagsBeingReadFromStorage: implemented(boolean, true, "Warn: requested tag read from file"),
  W002_InconsistentDicomTagsInDb: implemented(boolean, true, "Warn: indexed with another tag set"),
  W003_DecoderFailure: implemented(boolean, true, "Warn: pixel decoding failed"),
  W004_NoMainDicomTagsSignature: withoutEffect(boolean, true, "Warn: no signature metadata", {
    reason: "everything that is stored has its signature",
  }),
  W005_RequestingTagFromLowerResourceLevel: implemented(boolean, true, "Warn: tag belongs to a lower level"),
  W006_RequestingTagFromMetaHeader: implemented(boolean, true, "Warn: tag of group 0002"),
  W007_MissingRequestedTagsNotReadFromDisk: implemented(
    boolean,
    true,
    "Warn: tag missing and storage access forbidden",
  ),
};
