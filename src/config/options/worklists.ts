import { implemented } from "../option.ts";
import { boolean, count, path, unset } from "../option-types.ts";

/** Modality worklists. */
export const worklistsOptions = {
  Enable: implemented(boolean, false, "Serve worklists"),
  Directory: implemented(unset(path), undefined, "Folder of .wl files"),
  Database: implemented(unset(path), undefined, "Former name of Directory"),
  FilterIssuerAet: implemented(boolean, false, "Answer only worklists of the caller's title"),
  LimitAnswers: implemented(count, 0, "Most answers; 0: no limit"),
  SaveInOrthancDatabase: implemented(boolean, false, "Keep worklists in the database instead of a folder"),
  SetStudyInstanceUidIfMissing: implemented(boolean, true, "Add a UID at creation"),
  DeleteWorklistsOnStableStudy: implemented(boolean, true, "Drop a worklist when its study is stable"),
  HousekeepingInterval: implemented(count, 60, "Seconds between two cleanings"),
  DeleteWorklistsDelay: implemented(count, 0, "Hours before a worklist in the database is dropped"),
  LogMatchedWorklistIds: implemented(boolean, false, "Log which worklists match"),
};
