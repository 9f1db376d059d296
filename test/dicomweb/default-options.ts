import type { DicomWebOptions } from "../../src/dicomweb/options.ts";

/** Orthanc's defaults, at the roots that its plugin has. */
export const defaultDicomWebOptions: DicomWebOptions = {
  root: "/dicom-web/",
  publicRoot: "/dicom-web/",
  wadoRoot: "/wado",
  host: "",
  ssl: false,
  qidoCaseSensitive: false,
  studiesMetadata: { mode: "Full", extrapolatedTags: [] },
  seriesMetadata: { mode: "Full", extrapolatedTags: [] },
  otherBinaryMode: "BulkDataURI",
  metadataAhead: 4,
  filesAhead: 2,
  performanceLogs: false,
};
