import type { Archive } from "../archive/archive.ts";
import type { Transcoding, WantedEncoding } from "../archive/transcode.ts";
import { transferSyntax } from "../dicom/transfer-syntaxes.ts";
import { lastValue, unsignedArgument } from "../http/query.ts";
import { contentDisposition, stream } from "../http/reply.ts";
import type { HttpRequest, Reply, Route } from "../http/route.ts";
import { ServerError } from "../util/errors.ts";
import { systemAttachments } from "./numbered-names.ts";

export interface FileParts {
  readonly archive: Pick<Archive, "open">;
  readonly transcoding: Pick<Transcoding, "transcodedFile">;
}

const dicomType = "application/dicom";

/** `/instances/{id}/file`: the DICOM file as it was stored, or transcoded. */
export function fileRoutes(parts: FileParts): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/instances/{id}/file",
      tag: "instances",
      summary: "The DICOM file",
      parameters: [
        { name: "filename", in: "query", type: "string", summary: "Name of the download" },
        { name: "transcode", in: "query", type: "string", summary: "UID of the transfer syntax to transcode to" },
        { name: "lossy-quality", in: "query", type: "number", summary: "Quality of lossy compression, 1 to 100" },
      ],
      handle: async (request) => await retrieveFile(parts, request),
    },
  ];
}

async function retrieveFile({ archive, transcoding }: FileParts, request: HttpRequest): Promise<Reply> {
  const { id = "" } = request.parameters;
  const file = await archive.open(id, systemAttachments.dicom);
  if (file === undefined) throw new ServerError("UnknownResource", `There is no instance ${id}`);
  const filename = lastValue(request.query, "filename") ?? `${file.attachment.uuid}.dcm`;
  const headers = { "Content-Disposition": contentDisposition(filename) };
  const wanted = wantedEncoding(request.query);
  if (wanted === undefined) return stream(dicomType, file.stream, { length: file.size, headers });
  const transcoded = await transcoding.transcodedFile(id, wanted);
  if (transcoded === undefined) throw new ServerError("UnknownResource", `There is no instance ${id}`);
  const { size } = transcoded;
  return stream(dicomType, transcoded.stream, { headers, ...(size === undefined ? {} : { length: size }) });
}

/** What the arguments `transcode` and `lossy-quality` ask for. Throws `ParameterOutOfRange`. */
function wantedEncoding(query: URLSearchParams): WantedEncoding | undefined {
  const uid = lastValue(query, "transcode");
  if (uid === undefined) return undefined;
  if (transferSyntax(uid) === undefined) {
    throw new ServerError("ParameterOutOfRange", `transcode: unknown transfer syntax "${uid}"`);
  }
  const lossyQuality = unsignedArgument(query, "lossy-quality");
  if (lossyQuality === undefined) return { transferSyntaxes: [uid], allowNewUid: true };
  if (lossyQuality < 1 || lossyQuality > 100) {
    throw new ServerError(
      "ParameterOutOfRange",
      `lossy-quality: expected a number from 1 to 100, found ${lossyQuality}`,
    );
  }
  return { transferSyntaxes: [uid], allowNewUid: true, lossyQuality };
}
