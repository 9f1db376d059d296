const xmlTypes = ["application/dicom+xml", "application/xml", "text/xml"];

/**
 * Whether a client that sends this `Accept` header wants XML: it names XML, and neither JSON nor everything. All else gets JSON, as
 * Orthanc does.
 */
export function wantsXml(accept: string | undefined): boolean {
  const text = (accept ?? "").toLowerCase();
  return xmlTypes.some((type) => text.includes(type)) && !text.includes("json") && !text.includes("*/*");
}

export const jsonModelType = "application/dicom+json";
export const xmlModelType = "application/dicom+xml";
