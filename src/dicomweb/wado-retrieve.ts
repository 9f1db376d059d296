import type { Archive } from "../archive/archive.ts";
import { mapAhead } from "../archive/ahead.ts";
import { dicomAttachment } from "../archive/metadata-numbers.ts";
import type { Transcoding } from "../archive/transcode.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { newBoundary, type OutgoingPart, writeMultipart } from "../http/multipart.ts";
import { stream } from "../http/reply.ts";
import type { HttpRequest, Reply, Route } from "../http/route.ts";
import type { Log } from "../util/log.ts";
import type { Metrics } from "../util/metrics.ts";
import { ServerError } from "../util/errors.ts";
import type { DicomWebOptions } from "./options.ts";
import { parseRetrieveAccept } from "./wado-accept.ts";
import { findInstances, resourcePath, type WadoInstance } from "./wado-find.ts";

const dicomType = "application/dicom";
export interface WadoRetrieveParts {
  readonly archive: Pick<Archive, "open">;
  readonly transcoding: Pick<Transcoding, "transcodedFile">;
  readonly catalog: Pick<Catalog, "find">;
  readonly options: DicomWebOptions;
  readonly metrics: Pick<Metrics, "add">;
  readonly log: Log;
}

/** Retrieval of whole studies, series and instances (PS3.18 §10.4.1.1.1 to 3). */
export function wadoRetrieveRoutes(parts: WadoRetrieveParts): readonly Route[] {
  const study = `${parts.options.root}studies/{study}`;
  const paths = [
    { path: study, what: "a study" },
    { path: `${study}/series/{series}`, what: "a series" },
    { path: `${study}/series/{series}/instances/{instance}`, what: "an instance" },
  ];
  return paths.map(({ path, what }) => ({
    method: "GET",
    path,
    tag: "DICOMweb",
    summary: `Retrieve ${what} (WADO-RS)`,
    handle: async (request) => await retrieve(parts, request),
  }));
}

async function retrieve(parts: WadoRetrieveParts, request: HttpRequest): Promise<Reply> {
  const path = resourcePath(request.parameters);
  const form = parseRetrieveAccept(request.headers.accept, path.instance !== undefined);
  const instances = await findInstances(parts.catalog, path);
  const [first] = instances;
  if (!form.multipart && first !== undefined) {
    const file = await openFile(parts, first, form.transferSyntaxUID);
    return stream(dicomType, counted(parts, file.body), file.size === undefined ? {} : { length: file.size });
  }
  const boundary = newBoundary();
  const body = writeMultipart(fileParts(parts, instances, form.transferSyntaxUID), boundary);
  return stream(`multipart/related; type="${dicomType}"; boundary=${boundary}`, counted(parts, body));
}

/** Counts the bytes that are sent. */
async function* counted(
  { metrics }: WadoRetrieveParts,
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, void> {
  for await (const chunk of body) {
    metrics.add("orthanc_dicomweb_wadors_total_bytes_transferred", chunk.length);
    yield chunk;
  }
}

async function* fileParts(
  parts: WadoRetrieveParts,
  instances: readonly WadoInstance[],
  transferSyntaxUID: string,
): AsyncGenerator<OutgoingPart, void, void> {
  const files = mapAhead(instances, parts.options.filesAhead, (instance) =>
    openFile(parts, instance, transferSyntaxUID),
  );
  for await (const { body, size } of files) {
    const length = size === undefined ? {} : { "Content-Length": String(size) };
    yield { headers: { "Content-Type": dicomType, ...length, "MIME-Version": "1.0" }, body };
  }
}

interface OpenFile {
  readonly body: AsyncIterable<Uint8Array>;
  /** Unknown when it is made on the way. */
  readonly size: number | undefined;
}

/** The file in the transfer syntax that is asked for, or as it is stored (`*`, and where it cannot be transcoded). */
async function openFile(
  { archive, transcoding, log }: WadoRetrieveParts,
  { id }: WadoInstance,
  transferSyntaxUID: string,
): Promise<OpenFile> {
  if (transferSyntaxUID !== "*") {
    try {
      const file = await transcoding.transcodedFile(id, { transferSyntaxes: [transferSyntaxUID], allowNewUid: true });
      if (file !== undefined) return { body: file.stream, size: file.size };
    } catch (error) {
      if (!(error instanceof ServerError) || error.errorName !== "NotImplemented") throw error;
      log.warn(`WADO-RS: instance ${id} is sent as it is stored: ${error.details ?? error.message}`);
    }
  }
  const file = await archive.open(id, dicomAttachment);
  if (file === undefined) throw new ServerError("InexistentFile", `instance ${id} has no DICOM file`);
  return { body: file.stream, size: file.size };
}
