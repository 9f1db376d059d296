import type { Pictures } from "../archive/pictures.ts";
import { bytes } from "../http/reply.ts";
import type { Route } from "../http/route.ts";
import { checkedFrameNumber } from "./frame-number.ts";

/** `/instances/{id}/matlab` and `/instances/{id}/frames/{frame}/matlab` */
export function matlabRoutes({ pictures }: { readonly pictures: Pick<Pictures, "matlabOf"> }): readonly Route[] {
  return ["/instances/{id}/matlab", "/instances/{id}/frames/{frame}/matlab"].map((path) => ({
    method: "GET",
    path,
    tag: "instances",
    summary: "The values of a frame for Matlab and Octave",
    handle: async (request) =>
      bytes("text/plain", await pictures.matlabOf(request.parameters["id"] ?? "", checkedFrameNumber(request))),
  }));
}
