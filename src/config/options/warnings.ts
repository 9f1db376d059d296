import { known } from "../option.ts";
import { boolean } from "../option-types.ts";

/** Switches of single warnings. */
export const warningOptions = {
  W001_TagsBeingReadFromStorage: known(boolean, true, "Warn: requested tag read from file"),
  W002_InconsistentDicomTagsInDb: known(boolean, true, "Warn: indexed with another tag set"),
  W003_DecoderFailure: known(boolean, true, "Warn: pixel decoding failed"),
  W004_NoMainDicomTagsSignature: known(boolean, true, "Warn: no signature metadata"),
  W005_RequestingTagFromLowerResourceLevel: known(boolean, true, "Warn: tag belongs to a lower level"),
  W006_RequestingTagFromMetaHeader: known(boolean, true, "Warn: tag of group 0002"),
  W007_MissingRequestedTagsNotReadFromDisk: known(boolean, true, "Warn: tag missing and storage access forbidden"),
};
