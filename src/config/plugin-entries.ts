import { statSync } from "node:fs";
import { basename, extname, resolve } from "node:path";
import type { Finding } from "./findings.ts";

/** Orthanc's native plugins by the name of their library, and what Greyhaven has instead. */
const nativePlugins: Readonly<Record<string, string>> = {
  OrthancDicomWeb: "DICOMweb is built in",
  OrthancGoogleCloudPlatform: "Google Cloud Platform is built in",
  ServeFolders: "serving folders is built in",
  OrthancExplorer2: "Greyhaven has a web interface of its own, at /app/",
  OrthancGdcm: "decoding needs no plugin",
  GdcmDecoder: "decoding needs no plugin",
  ModalityWorklists: "worklists are built in",
  OrthancWorklists: "worklists are built in",
  Worklists: "worklists are built in",
  Housekeeper: "upkeep will be built in, but is not yet",
};

const libraryExtensions = [".so", ".dll", ".dylib"];
const moduleExtensions = [".ts", ".js", ".mjs"];
const isModule = (entry: string) => moduleExtensions.includes(extname(entry));

/** The plugins to load, as absolute paths, and what there is to tell about the other entries of `Plugins`. */
export function pluginEntries(
  entries: readonly string[],
  folder: string,
): { readonly modules: readonly string[]; readonly findings: readonly Finding[] } {
  return {
    modules: entries.filter(isModule).map((entry) => resolve(folder, entry)),
    findings: entries.filter((entry) => !isModule(entry)).map((entry) => describe(entry, resolve(folder, entry))),
  };
}

function describe(entry: string, path: string): Finding {
  const library = libraryName(entry);
  if (library !== undefined) {
    const replacement = Object.entries(nativePlugins).find(([name]) => name.toLowerCase() === library.toLowerCase());
    return replacement === undefined
      ? {
          severity: "warning",
          text: `Plugins: ${entry}: native plugins of Orthanc cannot be loaded, and Greyhaven has nothing in the place of this one`,
        }
      : { severity: "information", text: `Plugins: ${entry}: not needed, ${replacement[1]}` };
  }
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) {
    return {
      severity: "information",
      text: `Plugins: ${entry}: a folder of native plugins; not needed, nothing is loaded from it`,
    };
  }
  return {
    severity: "warning",
    text: `Plugins: ${entry}: expected a module (${moduleExtensions.join(", ")}), a native plugin of Orthanc, or a folder; ignored`,
  };
}

/** `libOrthancDicomWeb.so.1.24` → `OrthancDicomWeb`; undefined for what is not a native library. */
function libraryName(entry: string): string | undefined {
  const name = basename(entry.replaceAll("\\", "/")).replace(/(?<=\.(?:so|dylib))(?:\.\d+)+$/, "");
  if (!libraryExtensions.includes(extname(name).toLowerCase())) return undefined;
  return name.slice(0, -extname(name).length).replace(/^lib/, "");
}
