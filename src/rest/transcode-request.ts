import type { WantedTranscoding } from "../archive/export/exported-files.ts";
import { transferSyntax } from "../dicom/transfer-syntaxes.ts";
import { lastValue, unsignedArgument } from "../http/query.ts";
import type { RouteParameter } from "../http/route.ts";
import { ServerError } from "../util/errors.ts";
import type { BodyReader } from "./body-fields.ts";

/** Description of the query arguments that `transcodingOfQuery` reads. */
export const transcodingArguments: readonly RouteParameter[] = [
  { name: "transcode", in: "query", type: "string", summary: "UID of the transfer syntax to transcode to" },
  { name: "lossy-quality", in: "query", type: "number", summary: "Quality of lossy compression, 1 to 100" },
];

/** Description of the body fields that `transcodingOfBody` reads. */
export const transcodingFields: readonly RouteParameter[] = [
  { name: "Transcode", in: "body", type: "string", summary: "UID of the transfer syntax to transcode to" },
  { name: "LossyQuality", in: "body", type: "number", summary: "Quality of lossy compression, 1 to 100" },
];

/** The transcoding that a query asks for; null when it asks for none. Throws `ParameterOutOfRange`. */
export function transcodingOfQuery(query: URLSearchParams): WantedTranscoding | null {
  return transcoding(lastValue(query, "transcode"), unsignedArgument(query, "lossy-quality"));
}

/** The transcoding that a body asks for; null when it asks for none. Throws `ParameterOutOfRange`. */
export function transcodingOfBody(body: BodyReader): WantedTranscoding | null {
  return transcoding(body.string("Transcode"), body.unsigned("LossyQuality"));
}

function transcoding(uid: string | undefined, quality: number | undefined): WantedTranscoding | null {
  if (quality !== undefined && (quality < 1 || quality > 100)) {
    throw new ServerError("ParameterOutOfRange", `The lossy quality must be from 1 to 100, but is ${quality}`);
  }
  if (uid === undefined) return null;
  if (transferSyntax(uid) === undefined)
    throw new ServerError("ParameterOutOfRange", `Unknown transfer syntax: ${uid}`);
  return { transferSyntaxUID: uid, ...(quality === undefined ? {} : { lossyQuality: quality }) };
}
