import { readdir } from "node:fs/promises";
import {
  staticFiles,
  type HttpRequest,
  type Plugin,
  type PluginServer,
  type Reply,
  type Route,
} from "../../plugin-api.ts";
import { readServedFolders, type ServedFolders } from "./folders.ts";
import { directoryPage, foldersPage } from "./pages.ts";

/** Serves folders of files beside the API: a viewer, a web application, documents. Configured by the section `ServeFolders`. */
export const serveFolders: Plugin = {
  id: "serve-folders",
  version: "1.0",
  description: "Serves folders of the file system over HTTP",
  rootUri: "app/plugin-serve-folders.html",
  start: (server) => {
    const section = server.section("ServeFolders");
    return Promise.resolve(section === undefined ? {} : { routes: routesOf(readServedFolders(section), server) });
  },
};

export default serveFolders;

function routesOf(served: ServedFolders, server: PluginServer): Route[] {
  const uris = [...served.folders.keys()];
  if (uris.length === 0) return [];
  const index: Route = {
    method: "GET",
    path: "/app/plugin-serve-folders.html",
    tag: "ServeFolders",
    summary: "List the served folders",
    handle: () => html(foldersPage(uris), served),
  };
  return [index, ...uris.map((uri) => folderRoute(uri, served, server))];
}

function folderRoute(uri: string, served: ServedFolders, server: PluginServer): Route {
  const folder = server.resolvePath(served.folders.get(uri) ?? "");
  server.log.info(`Serving the folder ${folder} at ${uri}/`);
  const files = staticFiles({
    folder,
    extensions: served.extensions,
    etag: served.generateETag,
    ...(served.allowCache ? { cacheControl: "private" } : {}),
    listDirectory: async (directory, request) => html(await listing(directory, request), served),
  });
  return {
    method: "GET",
    path: `${uri}/{path...}`,
    tag: "ServeFolders",
    summary: `Get a file of the folder served at ${uri}`,
    handle: (request) => files(request, request.parameters["path"] ?? ""),
  };
}

async function listing(directory: string, request: HttpRequest): Promise<string> {
  const entries = await readdir(directory, { withFileTypes: true });
  const listed = entries.map((entry) => ({ name: entry.name, isDirectory: entry.isDirectory() }));
  return directoryPage(decodeURIComponent(request.path), listed);
}

function html(body: string, served: ServedFolders): Reply {
  const headers = served.allowCache ? {} : { "Cache-Control": "no-cache", Pragma: "no-cache", Expires: "0" };
  return { type: "text/html; charset=utf-8", headers, body };
}
