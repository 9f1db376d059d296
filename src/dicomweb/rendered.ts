import type { Archive } from "../archive/archive.ts";
import { encapsulatedPdf, pdfType } from "../archive/encapsulated-pdf.ts";
import type { Pictures } from "../archive/pictures.ts";
import type { FindFrames } from "../archive/stored-frames.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { transferSyntax } from "../dicom/transfer-syntaxes.ts";
import { bytes, stream } from "../http/reply.ts";
import type { HttpRequest, Reply, Route } from "../http/route.ts";
import type { IconName } from "../pixels/render/icons.ts";
import { ServerError } from "../util/errors.ts";
import type { DicomWebOptions } from "./options.ts";
import { parseRendered, renderedParameters } from "./rendered-parameters.ts";
import { findOneInstance, resourcePath } from "./wado-find.ts";
import { parseFrameList } from "./wado-frames.ts";

export interface RenderedParts {
  readonly archive: Pick<Archive, "header" | "readValue">;
  readonly catalog: Pick<Catalog, "find">;
  readonly findFrames: FindFrames;
  readonly pictures: Pictures;
  readonly options: DicomWebOptions;
}

const levels = [
  { path: "studies/{study}", of: "a study" },
  { path: "studies/{study}/series/{series}", of: "a series" },
  { path: "studies/{study}/series/{series}/instances/{instance}", of: "an instance" },
  { path: "studies/{study}/series/{series}/instances/{instance}/frames/{list}", of: "a frame" },
];

/** Pictures of resources (PS3.18 §10.4.1.1.3, §10.4.1.1.5): of a study or series that of one of its instances. */
export function renderedRoutes(parts: RenderedParts): readonly Route[] {
  return levels.flatMap(({ path, of }) =>
    (["rendered", "thumbnail"] as const).map((kind) => ({
      method: "GET",
      path: `${parts.options.root}${path}/${kind}`,
      tag: "DICOMweb",
      summary: `A ${kind === "rendered" ? "picture" : "small picture"} of ${of} (WADO-RS)`,
      parameters: renderedParameters,
      handle: async (request) => await retrieveRendered(parts, request, kind),
    })),
  );
}

async function retrieveRendered(
  parts: RenderedParts,
  request: HttpRequest,
  kind: "rendered" | "thumbnail",
): Promise<Reply> {
  const { headers, parameters, query } = request;
  const frame = parameters["list"] === undefined ? undefined : singleFrame(parameters["list"]);
  const id = await findOneInstance(parts.catalog, resourcePath(parameters));
  const document = frame === undefined ? await documentOf(parts, id) : undefined;
  if (document !== undefined && kind === "rendered") return document.reply;
  const { view, type, quality } = parseRendered(headers.accept, query);
  if (document !== undefined) return bytes(type, await parts.pictures.iconOf(document.icon, { type, quality }));
  try {
    return bytes(type, await parts.pictures.pictureOf(id, frame ?? 0, { view, type, quality }));
  } catch (error) {
    throw error instanceof ServerError ? asBadRequest(error) : error;
  }
}

function singleFrame(list: string): number {
  const [frame = 1, ...others] = parseFrameList(list);
  if (others.length > 0) throw new ServerError("ParameterOutOfRange", "frames: expected one, a picture shows no more");
  return frame - 1;
}

/** What cannot be shown is no fault of the server. */
function asBadRequest(error: ServerError): ServerError {
  return error.row.http < 500 ? error : new ServerError("ParameterOutOfRange", error.details, { cause: error });
}

interface Document {
  readonly reply: Reply;
  readonly icon: IconName;
}

/** What an instance holds instead of a picture. */
async function documentOf({ archive, findFrames }: RenderedParts, id: string): Promise<Document | undefined> {
  const pdf = await encapsulatedPdf(archive, id);
  if (pdf !== undefined) return { reply: stream(pdfType, pdf.stream, { length: pdf.size }), icon: "document" };
  const header = await archive.header(id);
  if (transferSyntax(header?.transferSyntaxUID ?? "")?.video !== true) return undefined;
  const { frames, transferSyntaxUID } = await findFrames(id);
  const reply = stream(videoType(transferSyntaxUID), frames.read(0), { length: frames.length(0) });
  return { reply, icon: "film" };
}

/** The transfer syntaxes of MPEG-2; those of other videos are of MPEG-4. */
const mpeg2 = /^1\.2\.840\.10008\.1\.2\.4\.10[01](\.1)?$/;

function videoType(transferSyntaxUID: string): string {
  return mpeg2.test(transferSyntaxUID) ? "video/mpeg" : "video/mp4";
}
