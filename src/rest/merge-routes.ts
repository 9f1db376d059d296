import { mergeState } from "../archive/modify/merge-order.ts";
import { json } from "../http/reply.ts";
import type { Route } from "../http/route.ts";
import { runSubmitted } from "../jobs/job-request.ts";
import { ServerError } from "../util/errors.ts";
import type { DerivationRoutesParts } from "./derivation-parts.ts";
import { derivationFields, derivationOptions, readModificationBody, resourcesField } from "./modification-request.ts";

/** `/studies/{id}/merge`: other studies, series and instances become parts of the study. */
export function mergeRoutes(parts: DerivationRoutesParts): readonly Route[] {
  return [
    {
      method: "POST",
      path: "/studies/{id}/merge",
      tag: "studies",
      summary: "Move other studies, series or instances into the study",
      parameters: [resourcesField, ...derivationFields],
      writes: true,
      async handle(request) {
        const { id = "" } = request.parameters;
        const body = await readModificationBody(request);
        const resources = body.fields.strings("Resources");
        if (resources === undefined) {
          throw new ServerError("BadFileFormat", 'Field "Resources" is missing: expected an array of ids');
        }
        const order = { ...derivationOptions(request, body, false), study: id, resources };
        const state = await mergeState(parts, order);
        return json(await runSubmitted(parts.jobs, { type: parts.derivations.merge, state }, body.job));
      },
    },
  ];
}
