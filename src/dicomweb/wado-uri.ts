import type { Archive } from "../archive/archive.ts";
import { dicomAttachment } from "../archive/metadata-numbers.ts";
import type { Catalog, TagConstraint } from "../catalog/catalog.ts";
import type { Tag } from "../dicom/tag.ts";
import { stream } from "../http/reply.ts";
import type { HttpRequest, Reply, Route } from "../http/route.ts";
import { ServerError } from "../util/errors.ts";
import type { DicomWebOptions } from "./options.ts";
import { SeriesInstanceUID, SOPInstanceUID, StudyInstanceUID } from "./qido-fields.ts";

const dicomType = "application/dicom";
export interface WadoUriParts {
  readonly archive: Pick<Archive, "open">;
  readonly catalog: Pick<Catalog, "find">;
  readonly options: Pick<DicomWebOptions, "wadoRoot">;
}

/** WADO-URI (PS3.18 §9) for DICOM files. */
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
        { name: "contentType", in: "query", type: "string", summary: "application/dicom" },
      ],
      handle: async (request) => await retrieve(parts, request),
    },
  ];
}

async function retrieve({ archive, catalog }: WadoUriParts, { query }: HttpRequest): Promise<Reply> {
  if (query.get("requestType") !== "WADO") {
    throw new ServerError("UnknownResource", 'WADO-URI: expected the argument "requestType=WADO"');
  }
  const objectUID = query.get("objectUID");
  if (objectUID === null) throw new ServerError("UnknownResource", 'WADO-URI: the argument "objectUID" is missing');
  const contentTypes = (query.get("contentType") ?? "image/jpeg").split(",").map((type) => type.trim());
  if (!contentTypes.includes(dicomType)) {
    throw new ServerError(
      "BadRequest",
      `WADO-URI: expected "contentType=${dicomType}", found "${contentTypes.join()}"`,
    );
  }
  const constraints = [
    ...equal(SOPInstanceUID, objectUID),
    ...equal(SeriesInstanceUID, query.get("seriesUID")),
    ...equal(StudyInstanceUID, query.get("studyUID")),
  ];
  const [instance, second] = await catalog.find({ level: "Instance", constraints, limit: 2, include: {} });
  const file =
    instance === undefined || second !== undefined ? undefined : await archive.open(instance.publicId, dicomAttachment);
  if (file === undefined) {
    throw new ServerError("UnknownResource", `WADO-URI: there is no single instance with the UID "${objectUID}"`);
  }
  return stream(dicomType, file.stream, { length: file.size });
}

function equal(tag: Tag, value: string | null): readonly TagConstraint[] {
  return value === null ? [] : [{ tag, caseSensitive: true, match: "equal", value }];
}
