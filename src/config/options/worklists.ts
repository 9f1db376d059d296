import { known } from "../option.ts";
import { boolean, count, path, unset } from "../option-types.ts";

/** Modality worklists. */
export const worklistsOptions = {
  Enable: known(boolean, false, "Serve worklists"),
  Directory: known(unset(path), undefined, "Folder of .wl files"),
  Database: known(unset(path), undefined, "Former name of Directory"),
  FilterIssuerAet: known(boolean, false, "Answer only worklists of the caller's title"),
  LimitAnswers: known(count, 0, "Most answers; 0: no limit"),
  SaveInOrthancDatabase: known(boolean, false, "Keep worklists in the database instead of a folder"),
  SetStudyInstanceUidIfMissing: known(boolean, true, "Add a UID at creation"),
  DeleteWorklistsOnStableStudy: known(boolean, true, "Drop a worklist when its study is stable"),
  HousekeepingInterval: known(count, 60, "Seconds between two cleanings"),
  DeleteWorklistsDelay: known(count, 0, "Hours before a worklist in the database is dropped"),
  LogMatchedWorklistIds: known(boolean, false, "Log which worklists match"),
};
