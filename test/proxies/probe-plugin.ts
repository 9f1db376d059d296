import type { HttpRequest, Method, Plugin, Reply, Route } from "../../src/plugin-api.ts";

/**
 * A plugin whose routes show what reaches the server and when:
 * `GET /probe/echo/{name}` answers the path as it came; `POST /probe/upload` the size of the body; `GET /probe/uploading` once
 * the first bytes of an upload have come; `GET /probe/slow` a first chunk and, after `POST /probe/proceed`, a second one.
 */
const probe: Plugin = {
  id: "probe",
  version: "1.0",
  description: "Shows what reaches the server through a proxy",
  start: () => Promise.resolve({ routes: routesOf(Promise.withResolvers<void>(), Promise.withResolvers<void>()) }),
};

export default probe;

type Signal = PromiseWithResolvers<void>;

function routesOf(uploading: Signal, proceed: Signal): readonly Route[] {
  async function* slow(): AsyncGenerator<Buffer> {
    yield Buffer.from("first");
    await proceed.promise;
    yield Buffer.from(" second");
  }
  return [
    route("GET", "/probe/echo/{name}", ({ path }) => text(path)),
    route("POST", "/probe/upload", async ({ body }) => {
      let size = 0;
      for await (const chunk of body) {
        size += chunk.length;
        uploading.resolve();
      }
      return text(String(size));
    }),
    route("GET", "/probe/uploading", async () => {
      await uploading.promise;
      return text("yes");
    }),
    route("GET", "/probe/slow", () => ({ type: "application/octet-stream", body: slow() })),
    route("POST", "/probe/proceed", () => {
      proceed.resolve();
      return text("");
    }),
  ];
}

function route(method: Method, path: string, handle: (request: HttpRequest) => Reply | Promise<Reply>): Route {
  return { method, path, tag: "Probe", summary: "A route of a test", handle };
}

function text(body: string): Reply {
  return { type: "text/plain", body };
}
