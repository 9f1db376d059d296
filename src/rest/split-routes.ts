import { splitState } from "../archive/modify/split-order.ts";
import { json } from "../http/reply.ts";
import type { Route } from "../http/route.ts";
import { runSubmitted } from "../jobs/job-request.ts";
import { ServerError } from "../util/errors.ts";
import type { DerivationRoutesParts } from "./derivation-parts.ts";
import { levelRows, unknownResource } from "./levels.ts";
import {
  derivationFields,
  derivationOptions,
  editFields,
  keepLabelsField,
  readModificationBody,
} from "./modification-request.ts";

/** `/studies/{id}/split`: series and instances get a study of their own. */
export function splitRoutes(parts: DerivationRoutesParts): readonly Route[] {
  return [
    {
      method: "POST",
      path: "/studies/{id}/split",
      tag: "studies",
      summary: "Move series or instances of the study to a new study",
      parameters: [
        { name: "Series", in: "body", type: "array", summary: "Ids of series to move" },
        { name: "Instances", in: "body", type: "array", summary: "Ids of instances to move" },
        ...editFields,
        keepLabelsField,
        ...derivationFields,
      ],
      writes: true,
      async handle(request) {
        const { id = "" } = request.parameters;
        const body = await readModificationBody(request);
        if ((await parts.catalog.levelOf(id)) !== "Study") throw unknownResource(levelRows.Study, id);
        const { fields, edits, job } = body;
        if (!fields.has("Series") && !fields.has("Instances")) {
          throw new ServerError("BadRequest", 'Expected "Series" or "Instances", arrays of ids');
        }
        const state = await splitState(parts.catalog, {
          ...derivationOptions(request, body, false),
          study: id,
          series: fields.strings("Series") ?? [],
          instances: fields.strings("Instances") ?? [],
          replace: edits.object("Replace") ?? {},
          remove: edits.strings("Remove") ?? [],
        });
        return json(await runSubmitted(parts.jobs, { type: parts.derivations.split, state }, job));
      },
    },
  ];
}
