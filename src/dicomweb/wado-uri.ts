import type { Archive } from "../archive/archive.ts";
import { dicomAttachment } from "../archive/metadata-numbers.ts";
import type { Pictures } from "../archive/pictures.ts";
import type { Catalog, TagConstraint } from "../catalog/catalog.ts";
import type { Tag } from "../dicom/tag.ts";
import { bytes, stream } from "../http/reply.ts";
import type { HttpRequest, Reply, Route } from "../http/route.ts";
import { ServerError } from "../util/errors.ts";
import type { DicomWebOptions } from "./options.ts";
import { SeriesInstanceUID, SOPInstanceUID, StudyInstanceUID } from "./qido-fields.ts";

const dicomType = "application/dicom";

/** The types of pictures, and what else they are called. */
const pictureTypes = { "image/jpeg": "image/jpeg", "image/jpg": "image/jpeg", "image/png": "image/png" } as const;
type PictureName = keyof typeof pictureTypes;

/** Orthanc says so of JPEG too, and clients look at the bytes. */
const statedPictureType = "image/png";
const quality = 90;

export interface WadoUriParts {
  readonly archive: Pick<Archive, "open">;
  readonly pictures: Pick<Pictures, "pictureOf">;
  readonly catalog: Pick<Catalog, "find">;
  readonly options: Pick<DicomWebOptions, "wadoRoot">;
}

/** WADO-URI (PS3.18 §9): DICOM files and pictures of the first frame. */
export function wadoUriRoutes(parts: WadoUriParts): readonly Route[] {
  return [
    {
      method: "GET",
      path: parts.options.wadoRoot,
      tag: "DICOMweb",
      summary: "Retrieve one instance (WADO-URI)",
      parameters: [
        { name: "requestType", in: "query", type: "string", summary: "WADO" },
        { name: "objectUID", in: "query", type: "string", summary: "SOP Instance UID" },
        { name: "studyUID", in: "query", type: "string", summary: "Checked when given" },
        { name: "seriesUID", in: "query", type: "string", summary: "Checked when given" },
        { name: "contentType", in: "query", type: "string", summary: "application/dicom, image/jpeg or image/png" },
      ],
      handle: async (request) => await retrieve(parts, request),
    },
  ];
}

async function retrieve(parts: WadoUriParts, { query }: HttpRequest): Promise<Reply> {
  if (query.get("requestType") !== "WADO") {
    throw new ServerError("UnknownResource", 'WADO-URI: expected the argument "requestType=WADO"');
  }
  const objectUID = query.get("objectUID");
  if (objectUID === null) throw new ServerError("UnknownResource", 'WADO-URI: the argument "objectUID" is missing');
  const type = contentType(query.get("contentType") ?? "image/jpeg");
  const instance = await findByUid(parts.catalog, objectUID, query);
  if (type !== dicomType) {
    const view = { kind: "rendered", window: {}, size: { width: 0, height: 0 }, smooth: false } as const;
    return bytes(statedPictureType, await parts.pictures.pictureOf(instance, 0, { view, type, quality }));
  }
  const file = await parts.archive.open(instance, dicomAttachment);
  if (file === undefined) throw noSingleInstance(objectUID);
  return stream(dicomType, file.stream, { length: file.size });
}

/** The first of the types that can be answered (PS3.18 §9.1.2.2.1). */
function contentType(text: string): typeof dicomType | (typeof pictureTypes)[PictureName] {
  for (const type of text.split(",").map((one) => one.trim().toLowerCase())) {
    if (type === dicomType) return type;
    if (isPictureName(type)) return pictureTypes[type];
  }
  throw new ServerError(
    "BadRequest",
    `WADO-URI: expected "contentType=${dicomType}", image/jpeg or image/png, found "${text}"`,
  );
}

function isPictureName(type: string): type is PictureName {
  return Object.hasOwn(pictureTypes, type);
}

async function findByUid(catalog: WadoUriParts["catalog"], objectUID: string, query: URLSearchParams): Promise<string> {
  const constraints = [
    ...equal(SOPInstanceUID, objectUID),
    ...equal(SeriesInstanceUID, query.get("seriesUID")),
    ...equal(StudyInstanceUID, query.get("studyUID")),
  ];
  const [instance, second] = await catalog.find({ level: "Instance", constraints, limit: 2, include: {} });
  if (instance === undefined || second !== undefined) throw noSingleInstance(objectUID);
  return instance.publicId;
}

function noSingleInstance(objectUID: string): ServerError {
  return new ServerError("UnknownResource", `WADO-URI: there is no single instance with the UID "${objectUID}"`);
}

function equal(tag: Tag, value: string | null): readonly TagConstraint[] {
  return value === null ? [] : [{ tag, caseSensitive: true, match: "equal", value }];
}
