import type { Catalog } from "../catalog/catalog.ts";
import { readText } from "../http/body.ts";
import { empty, text } from "../http/reply.ts";
import type { Route } from "../http/route.ts";
import { ServerError } from "../util/errors.ts";

/** `/patients/{id}/protected`: whether recycling spares the patient. */
export function protectedRoutes(parts: { readonly catalog: Catalog }): readonly Route[] {
  const { catalog } = parts;
  const path = "/patients/{id}/protected";
  const tag = "patients";
  return [
    {
      method: "GET",
      path,
      tag,
      summary: "Whether recycling spares the patient: 1 or 0",
      async handle({ parameters: { id = "" } }) {
        const isProtected = await catalog.isProtected(id);
        if (isProtected === undefined) throw unknownPatient(id);
        return text(isProtected ? "1" : "0");
      },
    },
    {
      method: "PUT",
      path,
      tag,
      summary: "Protect the patient from recycling (body 1), or no longer (0)",
      writes: true,
      async handle(request) {
        const { id = "" } = request.parameters;
        const isProtected = parseBooleanText(await readText(request));
        if (!(await catalog.setProtected(id, isProtected))) throw unknownPatient(id);
        return empty();
      },
    },
  ];
}

/** Reads the body of a switch: `0`, `1`, `true` or `false`; throws BadFileFormat. */
export function parseBooleanText(body: string): boolean {
  const value = body.trim();
  if (value === "1" || value === "true") return true;
  if (value === "0" || value === "false") return false;
  throw new ServerError("BadFileFormat", "The body must be 0, 1, true or false");
}

function unknownPatient(id: string): ServerError {
  return new ServerError("ParameterOutOfRange", `There is no patient ${id}`);
}
