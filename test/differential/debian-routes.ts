import { type OrthancRoute, orthancRoutes } from "../../tools/compatibility/orthanc-routes.ts";

/** What Debian 12 has. */
const coreVersion = "1.10.1";
const dicomWebVersion = "1.7";

/** The routes of the reference that Debian's Orthanc and its DICOMweb plugin have too. */
export const debianRoutes: readonly OrthancRoute[] = orthancRoutes
  .filter(({ area }) => /^core\/(?!webdav|static)|^dicomweb\/(server|wado-uri|client)/.test(area))
  .map((route) => ({ ...route, methods: route.methods.filter((method) => isThere(route, method)) }))
  .filter(({ methods }) => methods.length > 0);

function isThere({ since = "" }: OrthancRoute, method: string): boolean {
  const ofMethod = new RegExp(`\\(${method} ([\\d.]+)\\)`).exec(since)?.[1];
  const version = ofMethod ?? /^(?:plugin )?([\d.]+)/.exec(since)?.[1] ?? "0";
  return !isNewer(version, since.startsWith("plugin") ? dicomWebVersion : coreVersion);
}

function isNewer(version: string, reference: string): boolean {
  return version.localeCompare(reference, "en", { numeric: true }) > 0;
}
