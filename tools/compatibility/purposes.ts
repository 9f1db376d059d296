/** Where Greyhaven is another server than Orthanc on purpose, beyond single answers. */
export interface Purpose {
  readonly subject: string;
  readonly orthanc: string;
  readonly greyhaven: string;
  readonly reason: string;
}

export const purposes: readonly Purpose[] = [
  {
    subject: "Index and storage",
    orthanc: "an SQLite database of tag and value rows, or a plugin's, and files under ab/cd/",
    greyhaven: "an SQLite database of its own with a column for each main tag, and runs of files that share a folder",
    reason:
      "searches and uploads do not slow down with the size of the archive; a storage of Orthanc is not opened: send its instances, as a peer or by C-STORE",
  },
  {
    subject: "Plugins",
    orthanc: "native libraries, Python and Java",
    greyhaven: "modules in TypeScript or JavaScript over one contract (PLUGINS.md); paths of native ones are accepted",
    reason:
      "nothing is compiled; DICOMweb, Google Cloud Platform, worklists, folders and the housekeeper are part of the server",
  },
  {
    subject: "Web interface",
    orthanc: "Orthanc Explorer, and Orthanc Explorer 2 as a plugin",
    greyhaven: "a page of its own at /app/, to which the old addresses lead",
    reason: "its HTML and JavaScript are no interface that programs use",
  },
  {
    subject: "Requests of other web sites",
    orthanc: "taken",
    greyhaven: "refused with 403 when they would change something (by Origin, Sec-Fetch-Site or Referer)",
    reason: "any page could otherwise make the browser of a user delete studies; programs send none of these headers",
  },
  {
    subject: "Mistakes in the configuration",
    orthanc: "unknown keys are ignored, and some wrong values",
    greyhaven:
      "wrong values stop the start, all told at once with file and line; unknown keys are warnings that name the nearest one",
    reason: "a mistyped option that is silently ignored is found when it is too late",
  },
  {
    subject: "Tokens of Google",
    orthanc: "kept in the list of DICOMweb servers, and in the database with ServersInDatabase",
    greyhaven: "in memory only, renewed before they expire, asked for again once when they are refused",
    reason: "a copy of the database, a log or an answer must not give access to the cloud",
  },
  {
    subject: "Small packets",
    orthanc: "1.10.1 waits for more to send (Nagle's algorithm) unless TCP_NODELAY tells DCMTK otherwise",
    greyhaven: "sent at once, by HTTP (TcpNoDelay) and by DICOM",
    reason: "each small message would otherwise cost 40 ms",
  },
  {
    subject: "Durability",
    orthanc: "files are flushed one by one when SyncStorageArea is true",
    greyhaven: "instances that arrive together are flushed together, and none is acknowledged before",
    reason: "the same promise for a fraction of the flushes",
  },
  {
    subject: "Codecs",
    orthanc: "JPEG and JPEG-LS, RLE to read; JPEG 2000 by the GDCM plugin",
    greyhaven: "these, JPEG 2000 and HTJ2K, RLE to write, JPEG XL to read, all in threads and in WebAssembly",
    reason: "no plugin to install, and a broken image cannot harm the process",
  },
  {
    subject: "UIDs and names that are made up",
    orthanc: "under DCMTK's root 1.2.276.0.7230010.3.1; DeidentificationMethod names Orthanc",
    greyhaven: "under 2.25, from UUIDs; DeidentificationMethod names Greyhaven",
    reason: "roots belong to their owners",
  },
  {
    subject: "Lua",
    orthanc: "Lua in the threads of the server",
    greyhaven: "Lua 5.4 in a thread of its own, in WebAssembly; LUA.md lists what that means",
    reason: "a script that waits or fails does not hold up the server",
  },
];
