import type { Archive, IngestResult } from "../archive/archive.ts";
import type { ZipImport } from "../archive/zip-import.ts";
import { json } from "../http/reply.ts";
import type { Route } from "../http/route.ts";
import { ServerError } from "../util/errors.ts";
import { resourcePath } from "./levels.ts";
import { originOf } from "./request-origin.ts";
import { openUpload } from "./upload-body.ts";

interface UploadParts {
  readonly archive: Pick<Archive, "ingest">;
  readonly importZip: ZipImport;
}

/** `POST /instances`: one DICOM file, or a ZIP archive of them. */
export function uploadRoutes(parts: UploadParts): readonly Route[] {
  return [
    {
      method: "POST",
      path: "/instances",
      tag: "instances",
      summary: "Store a DICOM file, or the DICOM files of a ZIP archive",
      writes: true,
      async handle(request) {
        const { isZip, data } = await openUpload(request);
        const origin = originOf(request);
        if (!isZip) return json(uploadJson(stored(await parts.archive.ingest(data, origin))));
        return json((await parts.importZip(data, origin)).map(uploadJson));
      },
    },
  ];
}

/** A single file that finds no room is an error (507); within an archive it is told in its status. */
function stored(result: IngestResult): IngestResult {
  if (result.status === "StorageFull") throw new ServerError("FullStorage");
  return result;
}

/** What Orthanc answers for a stored instance. */
export function uploadJson({ status, identifiers }: IngestResult): Record<string, unknown> {
  return {
    ID: identifiers.Instance,
    ParentPatient: identifiers.Patient,
    ParentSeries: identifiers.Series,
    ParentStudy: identifiers.Study,
    Path: resourcePath({ level: "Instance", publicId: identifiers.Instance }),
    Status: status,
  };
}
