import { ServerError } from "../../plugin-api.ts";

/** The section `ServeFolders` of the configuration. */
export interface ServedFolders {
  /** Folder by URI, the URI with one slash before and none after. */
  readonly folders: ReadonlyMap<string, string>;
  readonly allowCache: boolean;
  readonly generateETag: boolean;
  /** MIME type by extension, in lower case and without dot. */
  readonly extensions: Readonly<Record<string, string>>;
}

/**
 * Reads the section, in its short form (`{ "/uri": "folder" }`) or its long one, which has `Folders`, `AllowCache`,
 * `GenerateETag` or `Extensions`. BadFileFormat names the key that is wrong.
 */
export function readServedFolders(section: unknown): ServedFolders {
  const members = object(section, "ServeFolders");
  const { Folders, AllowCache = false, GenerateETag = true, Extensions = {}, ...others } = members;
  const isLong = ["Folders", "AllowCache", "GenerateETag", "Extensions"].some((key) => Object.hasOwn(members, key));
  const folders = isLong ? object(Folders ?? {}, "ServeFolders.Folders") : others;
  return {
    folders: new Map(
      Object.entries(folders).map(([uri, folder]) => [
        servedUri(uri),
        text(folder, `ServeFolders, folder of "${uri}"`),
      ]),
    ),
    allowCache: boolean(AllowCache, "ServeFolders.AllowCache"),
    generateETag: boolean(GenerateETag, "ServeFolders.GenerateETag"),
    extensions: Object.fromEntries(
      Object.entries(object(Extensions, "ServeFolders.Extensions")).map(([extension, type]) => [
        extension.replace(/^\./, "").toLowerCase(),
        text(type, `ServeFolders.Extensions, type of "${extension}"`),
      ]),
    ),
  };
}

function servedUri(uri: string): string {
  const components = uri.split("/").filter((component) => component !== "");
  if (components.length === 0) throw wrong("ServeFolders", 'a URI such as "/demo"; the root cannot be served', uri);
  if (components.some((component) => /^\.{1,2}$|[{}*:?#%]/.test(component))) {
    throw wrong("ServeFolders", "a URI of plain names", uri);
  }
  return `/${components.join("/")}`;
}

function object(value: unknown, key: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(key, "an object", value);
  return { ...value };
}

function boolean(value: unknown, key: string): boolean {
  if (typeof value !== "boolean") throw wrong(key, "true or false", value);
  return value;
}

function text(value: unknown, key: string): string {
  if (typeof value !== "string" || value === "") throw wrong(key, "a text", value);
  return value;
}

function wrong(key: string, expected: string, found: unknown): ServerError {
  return new ServerError("BadFileFormat", `${key}: expected ${expected}, found ${JSON.stringify(found)}`);
}
