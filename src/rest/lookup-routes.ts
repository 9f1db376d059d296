import type { Catalog } from "../catalog/catalog.ts";
import { readText } from "../http/body.ts";
import { json } from "../http/reply.ts";
import type { Route } from "../http/route.ts";
import { resourcePath } from "./levels.ts";

/** `/tools/lookup`: from a DICOM identifier to resources. */
export function lookupRoutes(parts: { readonly catalog: Catalog }): readonly Route[] {
  const { catalog } = parts;
  return [
    {
      method: "POST",
      path: "/tools/lookup",
      tag: "System",
      summary: "Resources with this PatientID, StudyInstanceUID, SeriesInstanceUID or SOPInstanceUID (the body)",
      async handle(request) {
        const found = await catalog.lookup(await readText(request));
        return json(
          found.map((resource) => ({ ID: resource.publicId, Path: resourcePath(resource), Type: resource.level })),
        );
      },
    },
  ];
}
