import { implemented, withoutEffect } from "../option.ts";
import { boolean, count, oneOf, path, text, texts, unset } from "../option-types.ts";

/** The server as a whole. */
export const serverOptions = {
  Name: implemented(text, "MyOrthanc", "Name of this server, as its pages and /system show it"),
  LogFormat: implemented(
    oneOf("text", "json"),
    "text",
    "Lines of the log: as Orthanc writes them, or one JSON object each (an option of Greyhaven)",
  ),
  DatabaseServerIdentifier: implemented(
    unset(text),
    undefined,
    "Name of this server in a database that several servers share, as /system shows it; made at the first start when absent",
  ),
  Plugins: implemented(
    texts,
    [],
    "Modules of plugins to load (.ts, .js, .mjs); paths of Orthanc's native plugins and folders are accepted and left alone",
  ),
  ReadOnly: implemented(boolean, false, "Refuse every change of what is stored"),
  TemporaryDirectory: withoutEffect(
    unset(path),
    undefined,
    "Folder of temporary files; the operating system's when absent",
    { reason: "what is kept for a while lies in the storage, where it is limited and swept after a crash" },
  ),
  OrthancExplorerEnabled: implemented(boolean, true, "Serve the web interface and lead / to it"),
  WebDavEnabled: implemented(boolean, true, "Serve /webdav"),
  WebDavDeleteAllowed: implemented(boolean, false, "Allow deleting by WebDAV"),
  WebDavUploadAllowed: implemented(boolean, true, "Allow uploading by WebDAV"),
  MetricsEnabled: implemented(boolean, true, "Collect the metrics of /tools/metrics-prometheus"),
  LogExportedResources: implemented(boolean, false, "Keep what was sent elsewhere in /exports"),
  DeidentifyLogs: implemented(boolean, true, "Hide the values that identify patients in the log of C-FIND requests"),
  DeidentifyLogsDicomVersion: implemented(
    oneOf("2008", "2017c", "2021b", "2023b"),
    "2023b",
    "Edition of the standard whose confidentiality profile says which values are hidden",
  ),
  Locale: withoutEffect(unset(text), undefined, "Locale of caseless comparisons", {
    reason: "comparisons without case follow Unicode, whatever the locale of the computer",
  }),
  LuaScripts: implemented(texts, [], "Lua files to load at start"),
  LuaHeartBeatPeriod: implemented(count, 0, "Seconds between two calls of the Lua function OnHeartBeat; 0: never"),
  ExecuteLuaEnabled: implemented(boolean, false, "Allow running Lua through POST /tools/execute-script"),
  RestApiWriteToFileSystemEnabled: implemented(
    boolean,
    false,
    "Allow /instances/{id}/export to write files on the server",
  ),
  MallocArenaMax: withoutEffect(count, 5, "Tuning of Orthanc's memory allocator", {
    reason: "memory is managed by the JavaScript engine, and src/runtime.ts sets what matters of it",
  }),
};
