import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { TestServer } from "../greyhaven.ts";
import { serverForTest } from "./server-for-test.ts";

/** Another server, reached by a door that lets only so many uploads pass. */
export interface GatedTarget {
  /** Of its DICOMweb. */
  readonly url: string;
  readonly server: TestServer;
  /** Uploads that have come to the door, let through or not. */
  readonly uploads: () => number;
  /** Lets further uploads pass. */
  readonly allow: (count: number) => void;
}

/** Starts it for the time of the test; `permits` uploads may pass at first. */
export async function gatedTargetForTest(permits: number): Promise<GatedTarget> {
  const server = await serverForTest();
  const target = new URL(server.url);
  const waiting: (() => void)[] = [];
  let free = permits;
  let uploads = 0;

  function pass(request: IncomingMessage, response: ServerResponse): void {
    const { method, url, headers } = request;
    const forwarded = httpRequest({ hostname: target.hostname, port: target.port, method, path: url, headers });
    forwarded.once("response", (answer) => answer.pipe(response.writeHead(answer.statusCode ?? 500, answer.headers)));
    forwarded.once("error", () => response.destroy());
    request.pipe(forwarded);
  }

  const door = createServer((request, response) => {
    if (request.method !== "POST") return pass(request, response);
    uploads++;
    if (free === 0) return void waiting.push(() => pass(request, response));
    free--;
    return pass(request, response);
  });
  door.listen(0, "127.0.0.1");
  await once(door, "listening");
  onTestFinished(() => {
    door.closeAllConnections();
    door.close();
  });
  return {
    url: `http://127.0.0.1:${(door.address() as AddressInfo).port}/dicom-web/`,
    server,
    uploads: () => uploads,
    allow(count) {
      const released = waiting.splice(0, count);
      free += count - released.length;
      for (const go of released) go();
    },
  };
}
