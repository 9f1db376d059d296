import { parseAccept, type MediaRange } from "../http/accept.ts";
import { parseMediaType } from "../http/media-type.ts";
import { explicitLittleEndian, transferSyntax } from "../dicom/transfer-syntaxes.ts";
import { ServerError } from "../util/errors.ts";

/** How a client wants DICOM files (PS3.18 §8.7.3, §10.4.1.1). */
export interface RetrieveForm {
  /** False: one bare `application/dicom`. */
  readonly multipart: boolean;
  /** A UID, or `*`: as stored. */
  readonly transferSyntaxUID: string;
}

/** What an `Accept` entry asks for inside `multipart/related`: the type of the parts and their transfer syntax. */
export interface PartRange {
  /** `application/dicom`, `image/jpeg`, …; anything when not said. */
  readonly type: string;
  readonly transferSyntaxUID: string | undefined;
}

/**
 * Reads the `Accept` header of a retrieval of whole files. Without a transfer syntax it is Explicit VR Little Endian (PS3.18 §8.7.3.5.2).
 * @param single whether the resource is one instance, which may go without multipart
 * @throws ServerError BadRequest when nothing in the header can be answered
 */
export function parseRetrieveAccept(header: string | undefined, single: boolean): RetrieveForm {
  for (const range of parseAccept(header)) {
    const multipart = partRange(range);
    const wanted = multipart ?? barePart(range);
    const bare = multipart === undefined && wanted?.type === "application/dicom";
    if (wanted === undefined || (bare && !single)) continue;
    if (wanted.type !== "application/dicom" && wanted.type !== "*/*") continue;
    const { transferSyntaxUID = explicitLittleEndian.uid } = wanted;
    checkTransferSyntax(transferSyntaxUID);
    return { multipart: !bare, transferSyntaxUID };
  }
  throw notAcceptable(header, 'multipart/related; type="application/dicom"; transfer-syntax=*');
}

/** Reads an entry like `multipart/related; type="image/jpeg"; transfer-syntax=…`; undefined when it is no multipart. */
export function partRange(range: MediaRange): PartRange | undefined {
  if (range.type !== "multipart/related" && range.type !== "multipart/*") return undefined;
  const { type = "", "transfer-syntax": outer } = range.parameters;
  // Some clients put the transfer syntax inside the quotes of the type.
  const inner = parseMediaType(type);
  return {
    type: inner.type === "" ? "*/*" : inner.type,
    transferSyntaxUID: outer ?? inner.parameters["transfer-syntax"],
  };
}

function barePart({ type, parameters }: MediaRange): PartRange | undefined {
  return type === "application/dicom" || type === "*/*"
    ? { type, transferSyntaxUID: parameters["transfer-syntax"] }
    : undefined;
}

/** @throws ServerError BadRequest for a transfer syntax that no standard has */
export function checkTransferSyntax(uid: string): void {
  if (uid !== "*" && transferSyntax(uid) === undefined) {
    throw new ServerError("BadRequest", `Accept: unknown transfer syntax "${uid}"`);
  }
}

/** Orthanc answers 400 where the standard has 406. */
export function notAcceptable(header: string | undefined, expected: string): ServerError {
  return new ServerError("BadRequest", `Accept: cannot answer "${header ?? ""}", expected for instance ${expected}`);
}
