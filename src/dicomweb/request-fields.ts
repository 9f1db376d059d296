import { readJson } from "../http/body.ts";
import type { HttpRequest } from "../http/route.ts";
import { ServerError } from "../util/errors.ts";

/** The JSON object in a request's body. */
export type JsonBody = Readonly<Record<string, unknown>>;

/** @throws ServerError BadJson, or BadFileFormat when the body is JSON but no object */
export async function readJsonObject(request: Pick<HttpRequest, "body">): Promise<JsonBody> {
  const body = await readJson(request);
  if (!isJsonObject(body)) throw new ServerError("BadFileFormat", "the body must be a JSON object");
  return body;
}

/** Neither null nor an array. */
export function isJsonObject(value: unknown): value is JsonBody {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A member that must be there and be text. */
export function textMember(body: JsonBody, name: string): string {
  const value = body[name];
  if (typeof value !== "string" || value === "") {
    throw new ServerError("BadFileFormat", `"${name}" must be a text that is not empty`);
  }
  return value;
}

/** A member that must be there and be an array. */
export function arrayMember(body: JsonBody, name: string): readonly unknown[] {
  const value = body[name];
  if (!Array.isArray(value)) throw new ServerError("BadFileFormat", `"${name}" must be an array`);
  return value;
}

/** A member that maps names to texts; empty when absent. */
export function textMapMember(body: JsonBody, name: string): Readonly<Record<string, string>> {
  const value = body[name] ?? {};
  if (!isJsonObject(value)) throw new ServerError("BadFileFormat", `"${name}" must be an object of texts`);
  const entries = Object.entries(value).map(([key, text]): [string, string] => {
    if (typeof text !== "string") throw new ServerError("BadFileFormat", `"${name}": "${key}" must be a text`);
    return [key, text];
  });
  return Object.fromEntries(entries);
}
