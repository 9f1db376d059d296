import { orderedSlices } from "../archive/ordered-slices.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { json } from "../http/reply.ts";
import type { Route } from "../http/route.ts";
import { ServerError } from "../util/errors.ts";

/** More are taken for a broken NumberOfFrames. */
const mostFrames = 2 ** 20;

/** `/series/{id}/ordered-slices` */
export function orderedSlicesRoutes({ catalog }: { readonly catalog: Pick<Catalog, "find"> }): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/series/{id}/ordered-slices",
      tag: "series",
      summary: "The instances of the series, and their frames, in the order of space or of their numbers",
      async handle({ parameters: { id = "" } }) {
        const { type, slices } = await orderedSlices(catalog, id);
        const count = slices.reduce((sum, { frames }) => sum + frames, 0);
        if (count > mostFrames) throw new ServerError("CannotOrderSlices", `the series has ${count} frames`);
        return json({
          Dicom: slices.map(({ instance }) => `/instances/${instance}/file`),
          Slices: slices.flatMap(({ instance, frames }) =>
            Array.from({ length: frames }, (_, frame) => `/instances/${instance}/frames/${frame}`),
          ),
          SlicesShort: slices.map(({ instance, frames }) => [instance, 0, frames]),
          Type: type,
        });
      },
    },
  ];
}
