import { publicBaseUrl } from "../http/public-url.ts";
import type { HttpRequest } from "../http/route.ts";
import type { DicomWebOptions } from "./options.ts";

/** The UIDs that an URL is made of. */
export interface ResourceUids {
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID?: string;
  readonly SOPInstanceUID?: string;
}

/** The URL, as the client sees it and with a slash at the end, below which the resources of DICOMweb are. */
export function dicomWebUrl(
  request: Pick<HttpRequest, "headers" | "secure">,
  { host, ssl, publicRoot }: DicomWebOptions,
): string {
  return publicBaseUrl(request, { host, ssl, root: publicRoot });
}

/** `studies/…[/series/…[/instances/…]]` below `base`. What is no UID, but stands in its place, is percent-encoded. */
export function resourceUrl(
  base: string,
  { StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID }: ResourceUids,
): string {
  const study = `${base}studies/${encodeURIComponent(StudyInstanceUID)}`;
  const series = SeriesInstanceUID === undefined ? "" : `/series/${encodeURIComponent(SeriesInstanceUID)}`;
  const instance = SOPInstanceUID === undefined ? "" : `/instances/${encodeURIComponent(SOPInstanceUID)}`;
  return study + series + instance;
}
