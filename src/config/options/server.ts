import { implemented, known } from "../option.ts";
import { boolean, count, oneOf, path, text, texts, unset } from "../option-types.ts";

/** The server as a whole. */
export const serverOptions = {
  Name: implemented(text, "MyOrthanc", "Name of this server, as its pages and /system show it"),
  LogFormat: implemented(
    oneOf("text", "json"),
    "text",
    "Lines of the log: as Orthanc writes them, or one JSON object each (an option of Greyhaven)",
  ),
  DatabaseServerIdentifier: known(
    unset(text),
    undefined,
    "Name of this server in a database that several servers share; made from its addresses and ports when absent",
  ),
  Plugins: implemented(
    texts,
    [],
    "Modules of plugins to load (.ts, .js, .mjs); paths of Orthanc's native plugins and folders are accepted and left alone",
  ),
  ReadOnly: implemented(boolean, false, "Refuse every change of what is stored"),
  TemporaryDirectory: known(unset(path), undefined, "Folder of temporary files; the operating system's when absent"),
  OrthancExplorerEnabled: implemented(boolean, true, "Serve the web interface and lead / to it"),
  WebDavEnabled: implemented(boolean, true, "Serve /webdav"),
  WebDavDeleteAllowed: implemented(boolean, false, "Allow deleting by WebDAV"),
  WebDavUploadAllowed: implemented(boolean, true, "Allow uploading by WebDAV"),
  MetricsEnabled: implemented(boolean, true, "Collect the metrics of /tools/metrics-prometheus"),
  LogExportedResources: implemented(boolean, false, "Keep what was sent elsewhere in /exports"),
  DeidentifyLogs: known(boolean, true, "Hide tags that identify patients in logs of DICOM queries"),
  DeidentifyLogsDicomVersion: known(
    text,
    "2023b",
    "Edition of the standard whose confidentiality profile says which tags are hidden",
  ),
  Locale: known(unset(text), undefined, "Locale of caseless comparisons"),
  LuaScripts: known(texts, [], "Lua files to load at start"),
  LuaHeartBeatPeriod: known(count, 0, "Seconds between two calls of the Lua function OnHeartBeat; 0: never"),
  ExecuteLuaEnabled: known(boolean, false, "Allow running Lua through POST /tools/execute-script"),
  RestApiWriteToFileSystemEnabled: implemented(
    boolean,
    false,
    "Allow /instances/{id}/export to write files on the server",
  ),
  MallocArenaMax: known(count, 5, "Tuning of Orthanc's memory allocator"),
};
