import type { Reply } from "../http/exchange.ts";
import { negotiate, notAcceptableText, type Offer } from "../http/accept.ts";
import { GoogleError } from "../http/google-error.ts";
import { multipartReply, type OutgoingPart } from "../http/multipart-writer.ts";
import { canDecompress, decompress, explicitLittleEndian } from "./decompress.ts";
import type { StoredInstance } from "./dicom-store.ts";
import { headerOf, type StoreRequest } from "./store-request.ts";

/** The transfer syntaxes that Google can be asked for, the default first. */
const transferSyntaxes = [
  explicitLittleEndian,
  "*",
  "1.2.840.10008.1.2",
  "1.2.840.10008.1.2.1.99",
  ...[50, 51, 57, 70, 80, 81, 90, 91, 110, 111, 112, 201, 202, 203].map((number) => `1.2.840.10008.1.2.4.${number}`),
  "1.2.840.10008.1.2.5",
  "1.2.840.10008.1.2.8.1",
];

type DicomOffer = Offer & { readonly transferSyntax: string };

const multipartOffers: readonly DicomOffer[] = transferSyntaxes.map((transferSyntax) => ({
  type: "multipart/related",
  root: "application/dicom",
  transferSyntax,
}));

const singleOffers: readonly DicomOffer[] = transferSyntaxes.map((transferSyntax) => ({
  type: "application/dicom",
  transferSyntax,
}));

/** WADO-RS of a study or series (PS3.18 §10.4): always multipart. */
export function retrieveMany(request: StoreRequest): Reply {
  return retrieve(request, multipartOffers);
}

/** WADO-RS of an instance: multipart, or single on demand. */
export function retrieveInstance(request: StoreRequest): Reply {
  return retrieve(request, [...multipartOffers, ...singleOffers]);
}

/** What the request names; 404 when there is nothing. */
export function selected(request: StoreRequest): [StoredInstance, ...StoredInstance[]] {
  const [first, ...rest] = request.store.select(request.selection);
  if (first === undefined) throw new GoogleError("NOT_FOUND", "dicomWeb: the requested resource does not exist");
  return [first, ...rest];
}

/** The plain-text 406 of the routes that retrieve. */
export function notAcceptable(text: string): Reply {
  return { status: 406, headers: { "content-type": "text/plain; charset=utf-8" }, body: text };
}

function retrieve(request: StoreRequest, offers: readonly DicomOffer[]): Reply {
  const accept = headerOf(request, "accept");
  const offer = negotiate(accept, offers);
  if (offer === undefined) return notAcceptable(notAcceptableText(accept, offers));
  const instances = selected(request);
  const stuck = instances.find((instance) => !canServe(instance, offer.transferSyntax));
  if (stuck !== undefined) {
    return notAcceptable(`cannot transcode from ${stuck.transferSyntaxUID} to ${offer.transferSyntax}`);
  }
  const parts = instances.map((instance) => partOf(instance, offer.transferSyntax));
  const [only] = parts;
  if (offer.type === "multipart/related" || only === undefined) return multipartReply("application/dicom", parts);
  return { status: 200, headers: { "content-type": only.type }, body: only.read() };
}

/** Whether an instance can be had in `wanted`, a transfer syntax or `*`. */
export function canServe(instance: StoredInstance, wanted: string): boolean {
  if (wanted === "*" || wanted === instance.transferSyntaxUID) return true;
  return wanted === explicitLittleEndian && canDecompress(instance);
}

function partOf(instance: StoredInstance, wanted: string): OutgoingPart {
  const verbatim = wanted === "*" || wanted === instance.transferSyntaxUID;
  const syntax = verbatim ? instance.transferSyntaxUID : wanted;
  return {
    type: `application/dicom; transfer-syntax=${syntax}`,
    read: () => (verbatim ? instance.bytes.read() : decompressed(instance)),
  };
}

async function* decompressed(instance: StoredInstance): AsyncGenerator<Buffer> {
  yield decompress(await instance.bytes.whole());
}
