import type { Archive } from "../archive/archive.ts";
import { readText } from "../http/body.ts";
import { emptyObject } from "../http/reply.ts";
import type { Route } from "../http/route.ts";
import { ServerError } from "../util/errors.ts";
import { systemAttachments } from "./numbered-names.ts";

export interface ExportParts {
  readonly archive: Pick<Archive, "open">;
  /** Writes a file of this computer; undefined unless `RestApiWriteToFileSystemEnabled`. Throws `CannotWriteFile`. */
  readonly writeFile: ((path: string, data: AsyncIterable<Uint8Array>) => Promise<void>) | undefined;
}

/** `/instances/{id}/export`: the DICOM file into the file system of the server. */
export function exportRoutes({ archive, writeFile }: ExportParts): readonly Route[] {
  return [
    {
      method: "POST",
      path: "/instances/{id}/export",
      tag: "instances",
      summary: "Write the DICOM file to the path in the body, a path of the server",
      async handle(request) {
        if (writeFile === undefined) {
          throw new ServerError("ForbiddenAccess", "RestApiWriteToFileSystemEnabled is false: no files are written");
        }
        const { id = "" } = request.parameters;
        const file = await archive.open(id, systemAttachments.dicom);
        if (file === undefined) throw new ServerError("UnknownResource", `There is no instance ${id}`);
        await writeFile((await readText(request)).trim(), file.stream);
        return emptyObject();
      },
    },
  ];
}
