import type { Archive } from "../archive/archive.ts";
import { dicomAttachment } from "../archive/metadata-numbers.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { newBoundary, type OutgoingPart, writeMultipart } from "../http/multipart.ts";
import { stream } from "../http/reply.ts";
import type { HttpRequest, Reply, Route } from "../http/route.ts";
import type { Log } from "../util/log.ts";
import { ServerError } from "../util/errors.ts";
import type { DicomWebOptions } from "./options.ts";
import { canTranscode, transcodeNative } from "./native-transcoding.ts";
import { parseRetrieveAccept } from "./wado-accept.ts";
import { findInstances, resourcePath, type WadoInstance } from "./wado-find.ts";

const dicomType = "application/dicom";
export interface WadoRetrieveParts {
  readonly archive: Pick<Archive, "open" | "dataset" | "readValue">;
  readonly catalog: Pick<Catalog, "find">;
  readonly options: DicomWebOptions;
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
    return stream(dicomType, file.body, file.size === undefined ? {} : { length: file.size });
  }
  const boundary = newBoundary();
  const body = writeMultipart(fileParts(parts, instances, form.transferSyntaxUID), boundary);
  return stream(`multipart/related; type="${dicomType}"; boundary=${boundary}`, body);
}

async function* fileParts(
  parts: WadoRetrieveParts,
  instances: readonly WadoInstance[],
  transferSyntaxUID: string,
): AsyncGenerator<OutgoingPart, void, void> {
  for (const instance of instances) {
    const { body, size } = await openFile(parts, instance, transferSyntaxUID);
    const length = size === undefined ? {} : { "Content-Length": String(size) };
    yield { headers: { "Content-Type": dicomType, ...length, "MIME-Version": "1.0" }, body };
  }
}

interface OpenFile {
  readonly body: AsyncIterable<Uint8Array>;
  /** Unknown when it is made on the way. */
  readonly size: number | undefined;
}

async function openFile(
  { archive, log }: WadoRetrieveParts,
  instance: WadoInstance,
  transferSyntaxUID: string,
): Promise<OpenFile> {
  const stored = instance.transferSyntaxUID;
  if (transferSyntaxUID !== "*" && transferSyntaxUID !== stored) {
    if (canTranscode(stored, transferSyntaxUID)) {
      return { body: await transcodeNative(archive, instance.id, transferSyntaxUID), size: undefined };
    }
    log.warn(
      `WADO-RS: instance ${instance.id} is sent as stored (${stored}), cannot transcode to ${transferSyntaxUID}`,
    );
  }
  const file = await archive.open(instance.id, dicomAttachment);
  if (file === undefined) throw new ServerError("InexistentFile", `instance ${instance.id} has no DICOM file`);
  return { body: file.stream, size: file.size };
}
