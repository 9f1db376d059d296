import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json, redirect, stream, text } from "../../src/http/reply.ts";
import { publicBaseUrl } from "../../src/http/public-url.ts";
import { staticFiles } from "../../src/http/static.ts";
import { route, startServer, type TestServer } from "../http-server.ts";

/** A server with one route of each kind that a proxy could spoil. */
export interface ServerBehindProxy extends TestServer {
  /** Lets `/slow` go on after its first chunk. */
  proceed(): void;
  /** Resolves when the first bytes of the next upload have arrived. */
  nextUpload(): Promise<void>;
}

export async function startServerBehindProxy(): Promise<ServerBehindProxy> {
  const gate = Promise.withResolvers<void>();
  let begun = Promise.withResolvers<void>();
  const folder = mkdtempSync(join(tmpdir(), "greyhaven-page-"));
  writeFileSync(join(folder, "index.html"), "<script src=app.js></script>");
  writeFileSync(join(folder, "app.js"), "start()");
  const page = staticFiles({ folder });

  async function* slow(): AsyncGenerator<Buffer> {
    yield Buffer.from("first");
    await gate.promise;
    yield Buffer.from(" second");
  }

  const server = await startServer([
    route("GET", "/", () => redirect("app/")),
    route("GET", "/app/{path...}", (request) => page(request, request.parameters["path"] ?? "")),
    route("POST", "/instances", async (request) => {
      const hash = createHash("sha256");
      for await (const chunk of request.body) {
        hash.update(chunk);
        begun.resolve();
      }
      return text(hash.digest("hex"));
    }),
    route("GET", "/dicom-web/studies", (request) => {
      const url = publicBaseUrl(request, { root: "/dicom-web/" });
      return json({ RetrieveURL: `${url}studies/1.2.3`, query: request.query.toString() });
    }),
    route("GET", "/echo/{name}", (request) => text(request.path)),
    route("DELETE", "/studies/{id}", () => text("deleted")),
    route("GET", "/slow", () => stream("application/octet-stream", slow())),
  ]);
  return {
    ...server,
    proceed: () => gate.resolve(),
    nextUpload: () => {
      begun = Promise.withResolvers();
      return begun.promise;
    },
    close: async () => {
      await server.close();
      rmSync(folder, { recursive: true });
    },
  };
}
