import { json } from "../http/reply.ts";
import type { Route } from "../http/route.ts";
import type { DicomWebOptions } from "./options.ts";

/** `{root}info`: where pages below the root find DICOMweb and Orthanc's REST API. */
export function infoRoutes({ options: { root } }: { readonly options: DicomWebOptions }): readonly Route[] {
  const depth = root.split("/").filter((name) => name !== "").length;
  return [
    {
      method: "GET",
      path: `${root}info`,
      tag: "DICOMweb",
      summary: "Where DICOMweb and the REST API are",
      handle: () => json({ DicomWebRoot: root, OrthancApiRoot: `./${"../".repeat(depth)}` }),
    },
  ];
}
