import { pluginServerForTest } from "../../../../test/plugin-server.ts";
import { ServerError } from "../../../plugin-api.ts";
import type { DicomWebServer, HttpRequest, Log, Method, Reply, RunningPlugin } from "../../../plugin-api.ts";
import { googlePlugin } from "../plugin.ts";
import { FakeClock, settled } from "./fake-clock.ts";
import { applicationDefaultFile, oldGcloudFile, serviceAccountFile } from "./sample-credentials.ts";
import { ScriptedHttp } from "./scripted-http.ts";
import type { Answer, Script } from "./scripted-http.ts";

export const store = { Project: "harbour", Location: "europe-west6", Dataset: "radiology", DicomStore: "main" };
/** A user's three strings as options. */
export const strings = {
  AuthorizedUserClientId: "YYYY.apps.googleusercontent.com",
  AuthorizedUserClientSecret: "SECRET-in-the-configuration",
  AuthorizedUserRefreshToken: "1/SECRET-in-the-configuration",
};

const files: Record<string, string> = {
  "dicom-harbour.json": JSON.stringify(serviceAccountFile),
  "dicom-user.json": JSON.stringify(applicationDefaultFile),
  "dicom-old-user.json": JSON.stringify(oldGcloudFile),
  "token-only.json": JSON.stringify({ token: "ya29.SECRET-bare" }),
};

export interface Stage {
  readonly running: RunningPlugin;
  readonly servers: Map<string, DicomWebServer>;
  readonly http: ScriptedHttp;
  readonly clock: FakeClock;
  readonly lines: string[];
  readonly call: (method: Method, path: string, query?: string) => Promise<Reply>;
  /** The JSON that is answered. */
  readonly json: (method: Method, path: string, query?: string) => Promise<unknown>;
}

const stages: Stage[] = [];

/** Google as one script: tokens at `/token`, an empty store elsewhere. */
export const google: Script = ({ url }, headers): Answer => {
  if (new URL(url).pathname.endsWith("/token")) {
    return { body: { access_token: "ya29.SECRET-access", expires_in: 3599, token_type: "Bearer" } };
  }
  return headers["Authorization"] === "Bearer ya29.SECRET-access" ? { status: 204 } : { status: 401 };
};

/** The plugin started over a scripted network; `closeStages` ends it. */
export async function stage(section: unknown, script: Script = google): Promise<Stage> {
  const http = new ScriptedHttp(script);
  const clock = new FakeClock();
  const servers = new Map<string, DicomWebServer>();
  const lines: string[] = [];
  const write = (line: string, fields?: object): void => void lines.push(line + JSON.stringify(fields ?? {}));
  const log: Log = { error: write, warn: write, info: write, trace: write };
  const server = pluginServerForTest({
    log,
    http,
    section: (name) => (name === "GoogleCloudPlatform" ? section : undefined),
    resolvePath: (path) => `/configuration/${path}`,
    readText(path) {
      const text = files[path.replace("/configuration/", "")];
      return text === undefined
        ? Promise.reject(new ServerError("InexistentFile", `${path} does not exist`))
        : Promise.resolve(text);
    },
    registerDicomWebServer(name, definition) {
      servers.set(name, definition);
      return Promise.resolve();
    },
  });
  const running = await googlePlugin(clock).start(server);
  const call = (method: Method, path: string, query = ""): Promise<Reply> => dispatch(running, method, path, query);
  const result: Stage = {
    running,
    servers,
    http,
    clock,
    lines,
    call,
    json: async (...of) => JSON.parse(bodyText(await call(...of))),
  };
  stages.push(result);
  await settled();
  return result;
}

/** What the server's router does, as far as it matters here. */
async function dispatch(running: RunningPlugin, method: Method, path: string, query: string): Promise<Reply> {
  const pattern = path.replace(/^(\/gcp\/accounts\/)[^/]+/, "$1{name}");
  const route = running.routes?.find((route) => route.method === method && route.path === pattern);
  if (route === undefined) {
    throw new Error(`no route ${method} ${path}`);
  }
  const request: HttpRequest = {
    method,
    path,
    parameters: { name: decodeURIComponent(path.split("/")[3] ?? "") },
    query: new URLSearchParams(query),
    headers: {},
    body: (async function* () {})(),
    remoteIp: "127.0.0.1",
    username: undefined,
    secure: false,
    signal: new AbortController().signal,
  };
  return route.handle(request);
}

/** The text of an answer that is not streamed. */
export function bodyText({ body }: Reply): string {
  return typeof body === "string" ? body : "";
}

export async function closeStages(): Promise<void> {
  for (const { running } of stages.splice(0)) {
    await running.close?.();
  }
}
