import { locatedObject, type Located } from "../located.ts";
import { implemented } from "../option.ts";
import { boolean, pathMap, textMap } from "../option-types.ts";

/** Folders served over HTTP. */
export const serveFoldersOptions = {
  Folders: implemented(pathMap, {}, "Where to serve which folder; may also stand alone, as the whole section", {
    example: { "/viewer": "../viewer/dist" },
  }),
  AllowCache: implemented(boolean, false, "Let browsers keep the files"),
  GenerateETag: implemented(boolean, true, "Send an ETag with every file"),
  Extensions: implemented(textMap, {}, "MIME types of further file name extensions"),
};

/** The short form `{"/doc": "folder", …}` has none of the section's own options: all of it is `Folders`. */
export function foldersFromShortForm(located: Located): Located {
  const { members, place } = located;
  if (members === undefined || Object.keys(serveFoldersOptions).some((name) => members.has(name))) return located;
  return locatedObject(place, new Map([["Folders", located]]));
}
