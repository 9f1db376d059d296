import type { KnownDifference } from "./known-difference.ts";
import { knownInDicomWeb } from "./known-in-dicomweb.ts";
import { knownInFind } from "./known-in-find.ts";
import { knownInInstances } from "./known-in-instances.ts";
import { knownInRest } from "./known-in-rest.ts";
import { knownInWriting } from "./known-in-writing.ts";

/** What Orthanc has changed since 1.10.1, where that is wrong, and where Greyhaven is another server on purpose; by chapter. */
export const knownDifferences: Readonly<Record<string, readonly KnownDifference[]>> = {
  "REST API": knownInRest,
  Instances: knownInInstances,
  Searches: knownInFind,
  Writing: knownInWriting,
  DICOMweb: knownInDicomWeb,
};
