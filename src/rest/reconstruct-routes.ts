import {
  type Reconstruction,
  type ReconstructionParts,
  reconstructResource,
} from "../archive/modify/reconstruct-resources.ts";
import type { FileForm } from "../archive/modify/rewrite-file.ts";
import { readJson } from "../http/body.ts";
import { empty } from "../http/reply.ts";
import type { HttpRequest, Route, RouteParameter } from "../http/route.ts";
import { ServerError } from "../util/errors.ts";
import { type BodyReader, isObject, readBodyFields } from "./body-fields.ts";
import { levelRowsDownwards, unknownResource } from "./levels.ts";

export interface ReconstructRoutesParts extends ReconstructionParts {
  /** How new files are stored. */
  readonly files: FileForm;
}

const filesField: RouteParameter = {
  name: "ReconstructFiles",
  in: "body",
  type: "boolean",
  summary: "Also store the files as new ones are stored (false)",
};

/** `/…/{id}/reconstruct`, `/tools/reconstruct` and `/tools/invalidate-tags`. */
export function reconstructRoutes(parts: ReconstructRoutesParts): readonly Route[] {
  const options = (fields: BodyReader): Reconstruction => ({
    onlyThisLevel: fields.boolean("LimitToThisLevelMainDicomTags", false),
    ...(fields.boolean("ReconstructFiles", false) ? { files: parts.files } : {}),
  });
  return [
    ...levelRowsDownwards.map((row): Route => ({
      method: "POST",
      path: `/${row.plural}/{id}/reconstruct`,
      tag: row.plural,
      summary: "Read the main DICOM tags and metadata from the files again",
      parameters: [
        filesField,
        {
          name: "LimitToThisLevelMainDicomTags",
          in: "body",
          type: "boolean",
          summary: `Only those of the ${row.singular} itself (false)`,
        },
      ],
      writes: true,
      async handle(request) {
        const { id = "" } = request.parameters;
        const resource = { level: row.level, publicId: id };
        const isKnown = await reconstructResource(parts, resource, options(await optionalFields(request)));
        if (!isKnown) throw unknownResource(row, id);
        return empty();
      },
    })),
    {
      method: "POST",
      path: "/tools/reconstruct",
      tag: "System",
      summary: "Read the main DICOM tags and metadata of everything from the files again",
      parameters: [filesField],
      writes: true,
      async handle(request) {
        const wanted = options(await optionalFields(request));
        const patients = await parts.catalog.find({ level: "Patient", include: {} });
        for (const { publicId } of patients) {
          await reconstructResource(parts, { level: "Patient", publicId }, { ...wanted, onlyThisLevel: false });
        }
        return empty();
      },
    },
    {
      method: "POST",
      path: "/tools/invalidate-tags",
      tag: "System",
      summary: "Nothing any more: once it dropped summaries that are no longer kept",
      handle: () => empty(),
    },
  ];
}

/** What is no JSON object asks for nothing in particular. */
async function optionalFields(request: HttpRequest): Promise<BodyReader> {
  const body = await readJson(request, { empty: {} }).catch((error: unknown) => {
    if (error instanceof ServerError && error.errorName === "BadJson") return {};
    throw error;
  });
  return readBodyFields(isObject(body) ? body : {});
}
