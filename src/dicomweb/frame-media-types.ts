import type { MediaRange } from "../http/accept.ts";
import { parseAccept } from "../http/accept.ts";
import { explicitLittleEndian, transferSyntax } from "../dicom/transfer-syntaxes.ts";
import { checkTransferSyntax, notAcceptable, partRange } from "./wado-accept.ts";

/** A media type of frames and the transfer syntaxes that it stands for (PS3.18 Table 8.7.3-5). */
interface FrameMediaType {
  readonly type: string;
  /** Older spellings. */
  readonly aliases: readonly string[];
  readonly syntaxes: readonly string[];
}

const root = "1.2.840.10008.1.2";

const frameMediaTypes: readonly FrameMediaType[] = [
  {
    type: "image/jpeg",
    aliases: ["image/dicom+jpeg"],
    syntaxes: [`${root}.4.50`, `${root}.4.51`, `${root}.4.57`, `${root}.4.70`],
  },
  {
    type: "image/jls",
    aliases: ["image/x-jls", "image/dicom+jpeg-ls"],
    syntaxes: [`${root}.4.80`, `${root}.4.81`],
  },
  { type: "image/jp2", aliases: ["image/dicom+jp2"], syntaxes: [`${root}.4.90`, `${root}.4.91`] },
  { type: "image/jpx", aliases: ["image/dicom+jpx"], syntaxes: [`${root}.4.92`, `${root}.4.93`] },
  {
    type: "image/jxl",
    aliases: [],
    syntaxes: [`${root}.4.110`, `${root}.4.111`, `${root}.4.112`],
  },
  { type: "image/jphc", aliases: [], syntaxes: [`${root}.4.201`, `${root}.4.202`, `${root}.4.203`] },
  { type: "image/dicom-rle", aliases: ["image/x-dicom-rle", "image/dicom+rle"], syntaxes: [`${root}.5`] },
  { type: "application/x-deflate", aliases: [], syntaxes: [`${root}.8.1`] },
];

const octets = "application/octet-stream";

/**
 * The `Content-Type` of frames that are stored in `storedUID`, when the `Accept` header allows them as they are.
 * @throws ServerError BadRequest when it does not
 */
export function frameContentType(header: string | undefined, storedUID: string): string {
  for (const range of parseAccept(header)) {
    const type = matchRange(range, storedUID);
    if (type !== undefined) return type;
  }
  throw notAcceptable(header, `multipart/related; type="${typeOf(storedUID)}"; transfer-syntax=*`);
}

function matchRange(range: MediaRange, storedUID: string): string | undefined {
  if (range.type === "*/*") return contentType(storedUID);
  const wanted = partRange(range);
  if (wanted === undefined) return undefined;
  const { type, transferSyntaxUID } = wanted;
  if (transferSyntaxUID !== undefined) checkTransferSyntax(transferSyntaxUID);
  if (type === "*/*" || (type === octets && transferSyntaxUID === "*")) return contentType(storedUID);
  const fits = type === typeOf(storedUID) || rowOf(storedUID)?.aliases.includes(type) === true;
  if (!fits) return undefined;
  // Native frames are always sent in little endian, whatever they are stored in.
  const sentUID = rowOf(storedUID) === undefined ? explicitLittleEndian.uid : storedUID;
  return [undefined, "*", sentUID].includes(transferSyntaxUID) ? contentType(storedUID) : undefined;
}

function rowOf(uid: string): FrameMediaType | undefined {
  return frameMediaTypes.find(({ syntaxes }) => syntaxes.includes(uid));
}

function typeOf(uid: string): string {
  return rowOf(uid)?.type ?? octets;
}

function contentType(uid: string): string {
  const row = rowOf(uid);
  if (row !== undefined) return `${row.type}; transfer-syntax=${uid}`;
  return transferSyntax(uid)?.encapsulated === true ? `${octets}; transfer-syntax=${uid}` : octets;
}
