import { randomUUID } from "node:crypto";
import type { Archive } from "../../archive/archive.ts";
import type { ZipImport } from "../../archive/zip-import.ts";
import { HttpStatusError } from "../../http/http-status-error.ts";
import type { HttpRequest, Method, Reply, Route } from "../../http/route.ts";
import { openUpload } from "../upload-body.ts";
import { multistatus, multistatusType, lockAnswer, parseCompactDate, propertiesForbidden } from "./multistatus.ts";
import { nodeAt, type File, type Folder, type Node } from "./node.ts";
import { resourceFolders, type ResourceTreeParts } from "./resource-tree.ts";
import { createUploadFolders, type UploadFolders } from "./uploads.ts";

export interface WebDavParts extends ResourceTreeParts {
  readonly archive: ResourceTreeParts["archive"] & Pick<Archive, "ingest">;
  readonly importZip: ZipImport;
  /** `WebDavUploadAllowed`, unless `ReadOnly`. */
  readonly canUpload: boolean;
}

type Handle = (names: readonly string[], request: HttpRequest) => Reply | Promise<Reply>;

const root = "/webdav";
const uploadsName = "uploads";
const complianceClasses = "1,2";

/** `/webdav`: what is stored as a tree of folders, and a folder to upload to (RFC 4918, classes 1 and 2). */
export function webDavRoutes(parts: WebDavParts): readonly Route[] {
  const uploads = createUploadFolders();
  const tree: Folder = {
    kind: "folder",
    children: () =>
      Promise.resolve([
        ...resourceFolders(parts),
        ...(parts.canUpload ? [{ name: uploadsName, node: uploads.root }] : []),
      ]),
  };
  const found = async (names: readonly string[]): Promise<Node> => {
    const node = await nodeAt(tree, names);
    if (node === undefined) throw new HttpStatusError(404);
    return node;
  };
  const methods: Readonly<Partial<Record<Method, readonly [summary: string, handle: Handle]>>> = {
    GET: ["Read a file", async (names) => fileReply(await found(names), true)],
    PUT: [
      "Upload a DICOM file, or a ZIP archive of such files",
      (names, request) => upload(parts, uploads, names, request),
    ],
    DELETE: ["Delete a resource", async (names) => deleted(uploads, names, await nodeAt(tree, names))],
    OPTIONS: ["What can be done here", options],
    HEAD: ["The properties of a file", async (names) => fileReply(await found(names), false)],
    PROPFIND: ["List a folder", async (names, request) => listed(await found(names), names, request)],
    PROPPATCH: ["Refuse to set properties", (names) => within(names, uploads, propertyAnswer)],
    LOCK: ["Give a token", (names) => within(names, uploads, lock)],
    UNLOCK: ["Take a token back", (names) => within(names, uploads, () => ({ status: 204, body: "" }))],
    MKCOL: ["Make a folder to upload to", (names) => makeFolder(parts, uploads, names)],
  };
  return Object.entries(methods).map(([method, [summary, handle]]) => ({
    method: method as Method,
    path: `${root}/{path...}`,
    tag: "WebDAV",
    summary,
    handle: (request) => handle(namesOf(request), request),
  }));
}

function namesOf({ parameters: { path = "" } }: HttpRequest): readonly string[] {
  return path.split("/").filter((name) => name !== "");
}

function hrefOf(names: readonly string[]): string {
  return [root, ...names.map(encodeURIComponent)].join("/");
}

function options(): Reply {
  const allow = "GET, PUT, DELETE, OPTIONS, PROPFIND, HEAD, LOCK, UNLOCK, PROPPATCH, MKCOL";
  return { headers: { DAV: complianceClasses, Allow: allow }, body: "" };
}

async function fileReply(node: Node, withBody: boolean): Promise<Reply> {
  if (node.kind === "folder") throw new HttpStatusError(404);
  const { size, type } = node;
  const headers = { ...lastModified(node), ...(withBody ? {} : { "Content-Length": String(size) }) };
  return { type, headers, length: size, body: withBody ? await node.open() : "" };
}

function lastModified({ modified }: File): Record<string, string> {
  return modified === undefined ? {} : { "Last-Modified": parseCompactDate(modified).toUTCString() };
}

/** Depth 0: the node; 1: its children too. Infinity is refused, as RFC 4918 §9.1 allows: it would read the whole archive. */
async function listed(node: Node, names: readonly string[], { headers }: HttpRequest): Promise<Reply> {
  const depth = headers["depth"] ?? "infinity";
  if (depth !== "0" && depth !== "1") {
    const body =
      '<?xml version="1.0" encoding="UTF-8"?>\n<D:error xmlns:D="DAV:"><D:propfind-finite-depth/></D:error>\n';
    return { status: 403, type: multistatusType, body };
  }
  const isFolder = node.kind === "folder";
  const self = { href: hrefOf(names) + (isFolder ? "/" : ""), name: names.at(-1) ?? "webdav", node };
  const children = isFolder && depth === "1" ? await node.children() : [];
  const below = children.map((child) => ({ href: hrefOf([...names, child.name]), ...child }));
  return { status: 207, type: multistatusType, body: multistatus([self, ...below], new Date()) };
}

/** The names below `uploads`; undefined elsewhere. */
function uploadPath(names: readonly string[]): readonly string[] | undefined {
  return names[0] === uploadsName ? names.slice(1) : undefined;
}

/** What is put goes into the archive, so it is not seen in `uploads` afterwards. */
async function upload(
  { archive, importZip, canUpload }: WebDavParts,
  uploads: UploadFolders,
  names: readonly string[],
  request: HttpRequest,
): Promise<Reply> {
  const path = uploadPath(names);
  if (!canUpload || path === undefined || path.length === 0) throw new HttpStatusError(403);
  if (!uploads.has(path.slice(0, -1))) throw new HttpStatusError(409);
  // Some clients make an empty file first, and fill it in a second request.
  if (request.headers["content-length"] === "0") return { status: 201, body: "" };
  const { remoteIp, username } = request;
  const origin = { kind: "WebDav", remoteIp, ...(username === undefined ? {} : { username }) } as const;
  const { isZip, data } = await openUpload(request);
  if (isZip) await importZip(data, origin);
  else if ((await archive.ingest(data, origin)).status === "StorageFull") throw new HttpStatusError(507);
  return { status: 201, body: "" };
}

function makeFolder({ canUpload }: WebDavParts, uploads: UploadFolders, names: readonly string[]): Reply {
  const path = uploadPath(names);
  if (!canUpload || path === undefined) throw new HttpStatusError(403);
  if (uploads.has(path)) throw new HttpStatusError(405);
  if (!uploads.make(path)) throw new HttpStatusError(409);
  return { status: 201, body: "" };
}

async function deleted(uploads: UploadFolders, names: readonly string[], node: Node | undefined): Promise<Reply> {
  const path = uploadPath(names);
  if (path !== undefined && path.length > 0 && uploads.remove(path)) return { status: 204, body: "" };
  if (node === undefined) throw new HttpStatusError(404);
  if (node.remove === undefined) throw new HttpStatusError(403);
  await node.remove();
  return { status: 204, body: "" };
}

function within(names: readonly string[], uploads: UploadFolders, reply: (href: string) => Reply): Reply {
  const path = uploadPath(names);
  if (path === undefined || !uploads.has(path.slice(0, -1))) throw new HttpStatusError(403);
  return reply(hrefOf(names));
}

function propertyAnswer(href: string): Reply {
  return { status: 207, type: multistatusType, body: propertiesForbidden(href) };
}

function lock(href: string): Reply {
  const token = `opaquelocktoken:${randomUUID()}`;
  return { headers: { "Lock-Token": `<${token}>` }, type: multistatusType, body: lockAnswer(href, token) };
}
