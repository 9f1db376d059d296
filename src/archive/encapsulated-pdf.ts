import { ServerError } from "../util/errors.ts";
import type { Archive } from "./archive.ts";

const tags = {
  SOPClassUID: 0x00080016,
  EncapsulatedDocument: 0x00420011,
  MIMETypeOfEncapsulatedDocument: 0x00420012,
  EncapsulatedDocumentLength: 0x00420015,
} as const;

const encapsulatedPdfStorage = "1.2.840.10008.5.1.4.1.1.104.1";

export const pdfType = "application/pdf";

/** A document that an instance holds. */
export interface EncapsulatedPdf {
  readonly size: number;
  readonly stream: AsyncIterable<Uint8Array>;
}

/** The PDF in an instance (PS3.3 §C.24.2); undefined when it is of another kind. Throws `UnknownResource` without such an instance. */
export async function encapsulatedPdf(
  archive: Pick<Archive, "header" | "readValue">,
  instance: string,
): Promise<EncapsulatedPdf | undefined> {
  const header = await archive.header(instance);
  if (header === undefined) throw new ServerError("UnknownResource", `There is no instance ${instance}`);
  const { dataset } = header;
  const document = dataset.get(tags.EncapsulatedDocument);
  const isPdf =
    dataset.text(tags.SOPClassUID) === encapsulatedPdfStorage &&
    dataset.text(tags.MIMETypeOfEncapsulatedDocument)?.trim().toLowerCase() === pdfType;
  if (!isPdf || document === undefined) return undefined;
  const { offset, length, value } = document;
  // Without the byte that makes its length even.
  const stated = dataset.number(tags.EncapsulatedDocumentLength) ?? length;
  const size = stated > 0 && stated < length ? stated : length;
  const range = { start: offset, end: offset + size };
  return { size, stream: value === undefined ? archive.readValue(instance, range) : once(value.subarray(0, size)) };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
  yield bytes;
}
