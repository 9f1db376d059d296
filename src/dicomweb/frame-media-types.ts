import type { MediaRange } from "../http/accept.ts";
import { parseAccept } from "../http/accept.ts";
import { explicitLittleEndian, transferSyntax } from "../dicom/transfer-syntaxes.ts";
import { checkTransferSyntax, notAcceptable, partRange } from "./wado-accept.ts";

/** A media type of frames and the transfer syntaxes that it stands for, the default first (PS3.18 Table 8.7.3-5). */
interface FrameMediaType {
  readonly type: string;
  /** Older spellings. */
  readonly aliases: readonly string[];
  readonly syntaxes: readonly [string, ...string[]];
}

/** A form that frames may be sent in. */
export interface FrameForm {
  /** `Content-Type` of the parts. */
  readonly contentType: string;
  /** What the frames are encoded in; Explicit VR Little Endian: native, in little endian. */
  readonly transferSyntaxUID: string;
}

const root = "1.2.840.10008.1.2";

const frameMediaTypes: readonly FrameMediaType[] = [
  {
    type: "image/jpeg",
    aliases: ["image/dicom+jpeg"],
    syntaxes: [`${root}.4.70`, `${root}.4.50`, `${root}.4.51`, `${root}.4.57`],
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
 * The forms that the `Accept` header allows for frames that are stored in `storedUID`, in its order: as they are stored where that
 * fits, else in the transfer syntax that is asked for, or is the default of the media type.
 * @throws ServerError BadRequest when it allows none
 */
export function frameForms(header: string | undefined, storedUID: string): readonly FrameForm[] {
  const forms = parseAccept(header)
    .map((range) => formOf(range, storedUID))
    .filter((form) => form !== undefined);
  if (forms.length === 0) throw notAcceptable(header, `multipart/related; type="${octets}"; transfer-syntax=*`);
  return forms;
}

function formOf(range: MediaRange, storedUID: string): FrameForm | undefined {
  const wanted = range.type === "*/*" ? { type: octets, transferSyntaxUID: undefined } : partRange(range);
  if (wanted === undefined) return undefined;
  const { transferSyntaxUID } = wanted;
  const type = wanted.type === "*/*" ? octets : wanted.type;
  if (transferSyntaxUID !== undefined) checkTransferSyntax(transferSyntaxUID);
  if (type === octets) return octetsForm(transferSyntaxUID, storedUID);
  const row = frameMediaTypes.find((one) => one.type === type || one.aliases.includes(type));
  if (row === undefined) return undefined;
  const isOpen = transferSyntaxUID === undefined || transferSyntaxUID === "*";
  const uid = !isOpen ? transferSyntaxUID : row.syntaxes.includes(storedUID) ? storedUID : row.syntaxes[0];
  return row.syntaxes.includes(uid) ? encodedForm(uid) : undefined;
}

/** Bytes: native, or as they are stored when that is asked for. */
function octetsForm(transferSyntaxUID: string | undefined, storedUID: string): FrameForm | undefined {
  const native = { contentType: octets, transferSyntaxUID: explicitLittleEndian.uid };
  const isStored = transferSyntaxUID === "*" || transferSyntaxUID === storedUID;
  if (isStored) return transferSyntax(storedUID)?.encapsulated === true ? encodedForm(storedUID) : native;
  return transferSyntaxUID === undefined || transferSyntaxUID === explicitLittleEndian.uid ? native : undefined;
}

function encodedForm(uid: string): FrameForm {
  const type = frameMediaTypes.find(({ syntaxes }) => syntaxes.includes(uid))?.type ?? octets;
  return { contentType: `${type}; transfer-syntax=${uid}`, transferSyntaxUID: uid };
}
