import type { Archive } from "../archive/archive.ts";
import { encapsulatedPdf, pdfType } from "../archive/encapsulated-pdf.ts";
import { notFound, stream } from "../http/reply.ts";
import type { Route } from "../http/route.ts";

/** `/instances/{id}/pdf` */
export function pdfRoutes({ archive }: { readonly archive: Pick<Archive, "header" | "readValue"> }): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/instances/{id}/pdf",
      tag: "instances",
      summary: "The PDF that the instance holds",
      async handle({ parameters: { id = "" } }) {
        const pdf = await encapsulatedPdf(archive, id);
        return pdf === undefined ? notFound() : stream(pdfType, pdf.stream, { length: pdf.size });
      },
    },
  ];
}
