import { createDicom, type CreateParts, type CreateRequest } from "../archive/create-dicom/create-dicom.ts";
import type { IngestResult } from "../archive/archive.ts";
import { readJson } from "../http/body.ts";
import { json } from "../http/reply.ts";
import type { HttpRequest, Route } from "../http/route.ts";
import { ServerError } from "../util/errors.ts";
import { isObject, readBodyFields } from "./body-fields.ts";
import { resourcePath } from "./levels.ts";
import { originOf } from "./request-origin.ts";
import { uploadJson } from "./upload-routes.ts";

export interface CreateDicomRoutesParts extends CreateParts {
  /** `DefaultPrivateCreator` */
  readonly privateCreator: string;
}

/** Tags whose value made the content in the first version of this route. */
const contentNames: ReadonlySet<string> = new Set(["PixelData", "7fe0,0010", "EncapsulatedDocument", "0042,0011"]);

/** `/tools/create-dicom`: instances made of tags, pictures and documents. */
export function createDicomRoutes(parts: CreateDicomRoutesParts): readonly Route[] {
  return [
    {
      method: "POST",
      path: "/tools/create-dicom",
      tag: "System",
      summary: "Make and store an instance, or a series of them, of tags, pictures and documents",
      parameters: [
        { name: "Tags", in: "body", type: "object", summary: "Values by tag" },
        {
          name: "Content",
          in: "body",
          type: "string",
          summary:
            "Data URI of a PNG, JPEG, PAM, PDF, STL, OBJ or MTL; or an array of them, or of objects with Content and Tags",
        },
        {
          name: "Parent",
          in: "body",
          type: "string",
          summary: "Id of the patient, study or series that it belongs to",
        },
        { name: "Force", in: "body", type: "boolean", summary: "Tags may change what comes from the parent (false)" },
        { name: "PrivateCreator", in: "body", type: "string", summary: "Creator of private tags" },
        { name: "InterpretBinaryTags", in: "body", type: "boolean", summary: "Data URIs in tags are bytes (true)" },
        { name: "Encapsulate", in: "body", type: "boolean", summary: "JPEG stays compressed (false)" },
      ],
      writes: true,
      handle: async (request) => json(await create(parts, request)),
    },
  ];
}

async function create(parts: CreateDicomRoutesParts, request: HttpRequest): Promise<object> {
  const body = await readJson(request).catch((error: unknown) => {
    if (!(error instanceof ServerError) || error.errorName !== "BadJson") throw error;
    throw new ServerError("BadRequest", error.details, { cause: error });
  });
  if (!isObject(body)) throw new ServerError("BadRequest", "The body must be a JSON object");
  const wanted = body["Tags"] === undefined ? flatRequest(body, parts) : createRequest(body, parts);
  const stored = await createDicom(parts, wanted, originOf(request));
  const full = stored.find(({ status }) => status === "StorageFull");
  if (full !== undefined) throw new ServerError("FullStorage");
  return answer(stored, Array.isArray(wanted.content) && wanted.content.length > 0);
}

function createRequest(body: Readonly<Record<string, unknown>>, parts: CreateDicomRoutesParts): CreateRequest {
  const fields = readBodyFields(body);
  const parent = body["Parent"];
  if (parent !== undefined && typeof parent !== "string")
    throw new ServerError("CreateDicomBadParent", "expected an id");
  return {
    tags: fields.object("Tags") ?? {},
    content: body["Content"],
    parent,
    force: fields.boolean("Force", false),
    interpretBinaryTags: fields.boolean("InterpretBinaryTags", true),
    privateCreator: fields.string("PrivateCreator") ?? parts.privateCreator,
    encapsulate: fields.boolean("Encapsulate", false),
    dated: true,
  };
}

/** The first version of the route: the body is the tags. */
function flatRequest(body: Readonly<Record<string, unknown>>, parts: CreateDicomRoutesParts): CreateRequest {
  const wrong = Object.entries(body).find(([, value]) => typeof value !== "string");
  if (wrong !== undefined) throw new ServerError("CreateDicomNotString", `"${wrong[0]}" must be a string`);
  const entries = Object.entries(body);
  return {
    tags: Object.fromEntries(entries.filter(([name]) => !contentNames.has(name))),
    content: entries.find(([name]) => contentNames.has(name))?.[1],
    parent: undefined,
    force: true,
    interpretBinaryTags: true,
    privateCreator: parts.privateCreator,
    encapsulate: false,
    dated: false,
  };
}

/** Of an array of contents the series is told. */
function answer(stored: readonly IngestResult[], isSeries: boolean): object {
  const [first] = stored;
  if (first === undefined) return {};
  if (!isSeries) return uploadJson(first);
  const { Series: ID } = first.identifiers;
  return { ID, Path: resourcePath({ level: "Series", publicId: ID }), Status: first.status };
}
