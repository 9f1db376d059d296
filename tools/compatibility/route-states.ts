import { startTestServer } from "../../test/greyhaven.ts";
import { ask } from "../../test/server/ask.ts";
import { type OrthancRoute, orthancRoutes } from "./orthanc-routes.ts";

/** A method of a route of Orthanc, and whether Greyhaven has it. */
export interface RouteRow {
  readonly route: OrthancRoute;
  readonly method: string;
  /** `led elsewhere`: the address leads to another one. */
  readonly state: "there" | "led elsewhere" | "absent";
  /** Why it is absent. */
  readonly reason?: string;
}

/** Why routes are absent. */
interface Absence {
  readonly paths: RegExp;
  readonly reason: string;
}

export const absences: readonly Absence[] = [
  {
    paths: /^\/ui\//,
    reason: "belongs to the pages of Orthanc Explorer 2: Greyhaven has a web interface of its own, at /app/",
  },
  {
    paths: /^\/dicom-web\/app\//,
    reason: "belongs to the page of the DICOMweb plugin: what it does is in the web interface, at /app/",
  },
  {
    paths: /^\/(plugins\/delayed-deletion\/status|adopt)$/,
    reason: "belongs to a sample of a plugin in Orthanc's sources, which is part of no release",
  },
];

/** Everything that has routes, switched on. */
const configuration = {
  DicomWeb: { Enable: true },
  ExecuteLuaEnabled: true,
  Housekeeper: { Enable: true },
  ServeFolders: { "/served": "." },
  Worklists: { Enable: true, Directory: "." },
};

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Starts a server and looks for every route of Orthanc: in its OpenAPI document, and by asking for what that does not tell. */
export async function routeRows(): Promise<readonly RouteRow[]> {
  const server = await startTestServer(configuration);
  try {
    const { paths } = (await ask(server.url, "GET /tools/openapi")).json() as OpenApi;
    const described = new Map(Object.entries(paths).map(([path, methods]) => [shapeOf(path), Object.keys(methods)]));
    const rows: RouteRow[] = [];
    for (const route of orthancRoutes) {
      for (const method of route.methods) {
        const isDescribed = described.get(shapeOf(servedPath(route)))?.includes(method.toLowerCase()) === true;
        const state = isDescribed ? "there" : await answerOf(server.url, method, servedPath(route));
        const absence = absences.find(({ paths: pattern }) => pattern.test(route.path));
        const reason = state === "absent" ? absence?.reason : undefined;
        rows.push({ route, method, state, ...(reason === undefined ? {} : { reason }) });
      }
    }
    return rows;
  } finally {
    await server.close();
  }
}

const servedPath = ({ path }: OrthancRoute): string => path.replace("{ServedUri}", "served");

/** Names of variables do not matter. */
const shapeOf = (path: string): string => path.replaceAll(/\{[^}]+\}/g, "{}");

/** Lists of what is below a path, and WebDAV, are no rows of the route table. */
async function answerOf(url: string, method: string, path: string): Promise<RouteRow["state"]> {
  const sample = path.replaceAll(/\{[^}]+\}/g, "x");
  if (path.startsWith("/webdav/")) {
    const { headers } = await ask(url, "OPTIONS /webdav/");
    return headers.allow?.split(/,\s*/).includes(method) === true ? "there" : "absent";
  }
  if (method !== "GET") return "absent";
  const { status } = await ask(url, `GET ${sample}`);
  if (status === 307) return "led elsewhere";
  return status === 200 ? "there" : "absent";
}
