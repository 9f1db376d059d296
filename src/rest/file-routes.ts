import type { Archive } from "../archive/archive.ts";
import { lastValue } from "../http/query.ts";
import { contentDisposition, stream } from "../http/reply.ts";
import type { Route } from "../http/route.ts";
import { ServerError } from "../util/errors.ts";
import { systemAttachments } from "./numbered-names.ts";

/** `/instances/{id}/file`: the DICOM file as it was stored. */
export function fileRoutes(parts: { readonly archive: Archive }): readonly Route[] {
  const { archive } = parts;
  return [
    {
      method: "GET",
      path: "/instances/{id}/file",
      tag: "instances",
      summary: "The DICOM file",
      parameters: [{ name: "filename", in: "query", type: "string", summary: "Name of the download" }],
      async handle({ parameters: { id = "" }, query }) {
        const file = await archive.open(id, systemAttachments.dicom);
        if (file === undefined) throw new ServerError("UnknownResource", `There is no instance ${id}`);
        const filename = lastValue(query, "filename") ?? `${file.attachment.uuid}.dcm`;
        const headers = { "Content-Disposition": contentDisposition(filename) };
        return stream("application/dicom", file.stream, { length: file.size, headers });
      },
    },
  ];
}
