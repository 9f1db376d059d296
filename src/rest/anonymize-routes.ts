import type { Route } from "../http/route.ts";
import type { DerivationRoutesParts } from "./derivation-parts.ts";
import { levelRowsDownwards } from "./levels.ts";
import {
  anonymizationOf,
  anonymizeFields,
  derivationFields,
  keepLabelsField,
  type ModificationBody,
  readModificationBody,
  resourcesField,
} from "./modification-request.ts";
import { answerBulk, answerOne } from "./modify-routes.ts";

/** The sequence that anonymised patients are numbered by. */
const nameSequence = "anonymization";

/** `/…/{id}/anonymize` and `/tools/bulk-anonymize`. */
export function anonymizeRoutes(parts: DerivationRoutesParts): readonly Route[] {
  const nextName = async () => `Anonymized${await parts.catalog.nextSequence(nameSequence)}`;
  const read = (body: ModificationBody) => anonymizationOf(body, parts.modificationDefaults, nextName);
  return [
    ...levelRowsDownwards.map((row): Route => ({
      method: "POST",
      path: `/${row.plural}/{id}/anonymize`,
      tag: row.plural,
      summary:
        row.level === "Instance" ? "A de-identified copy of the file" : `A de-identified copy of the ${row.singular}`,
      parameters:
        row.level === "Instance" ? anonymizeFields : [...anonymizeFields, keepLabelsField, ...derivationFields],
      ...(row.level === "Instance" ? {} : { writes: true }),
      handle: (request) => answerOne(parts, row, request, read),
    })),
    {
      method: "POST",
      path: "/tools/bulk-anonymize",
      tag: "System",
      summary: "De-identified copies of several resources",
      parameters: [resourcesField, ...anonymizeFields, keepLabelsField, ...derivationFields],
      writes: true,
      async handle(request) {
        const body = await readModificationBody(request);
        return answerBulk(parts, request, body, { request: await read(body), level: "Patient" });
      },
    },
  ];
}
