import type { Exchange } from "../http/exchange.ts";
import type { LiveSettings } from "../settings.ts";
import type { DicomStore, Selection } from "./dicom-store.ts";
import type { Operations } from "./operations.ts";
import type { Spool } from "./spool.ts";

/** A request to the DICOMweb surface of a store, after authorization. */
export interface StoreRequest extends Exchange {
  readonly store: DicomStore;
  /** `v1`, `v1beta1`, … */
  readonly version: string;
  /** Absolute URL of the surface, up to `/dicomWeb`. */
  readonly baseUrl: string;
  /** What the path names. */
  readonly selection: Selection;
  readonly settings: LiveSettings;
  readonly spool: Spool;
  readonly operations: Operations;
}

/** The value of a header that may be there once. */
export function headerOf(request: Exchange, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}
