import { fromXmlModel } from "../dicom/xml-model.ts";

/**
 * The dataset of a STOW-RS answer in the DICOM JSON model, whatever its `Content-Type` says: Google sends XML unless it is asked
 * for JSON. Undefined when the body is neither.
 */
export function readStowDataset(body: string): unknown {
  try {
    return body.trimStart().startsWith("<") ? fromXmlModel(body) : JSON.parse(body);
  } catch {
    // An error page or an empty body: the status tells.
    return undefined;
  }
}
