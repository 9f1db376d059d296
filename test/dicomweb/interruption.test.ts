import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { json } from "../../src/http/reply.ts";
import type { HttpRequest, Reply } from "../../src/http/route.ts";
import { createHttpServer, defaultHttpServerOptions } from "../../src/http/server.ts";
import { noLog } from "../../src/util/log.ts";
import { makeStudy } from "../phantoms/study.ts";
import { startPartsServer, type PartsServer } from "./parts-server.ts";

/** A DICOMweb server that reads what it is sent and never answers. */
async function startSilentServer(): Promise<{
  readonly url: string;
  /** Resolves with each request that has come. */
  next(): Promise<HttpRequest>;
  close(): Promise<void>;
}> {
  const waiting: ((request: HttpRequest) => void)[] = [];
  const handle = async (request: HttpRequest): Promise<Reply> => {
    waiting.shift()?.(request);
    await new Promise<void>((resolve) => {
      request.signal.addEventListener("abort", () => resolve(), { once: true });
    });
    return json({});
  };
  const server = await createHttpServer(
    { ...defaultHttpServerOptions, bindAddresses: ["127.0.0.1"], closeTimeout: 0 },
    [
      { method: "POST", path: "/studies", tag: "", summary: "", handle },
      { method: "GET", path: "/studies/{study}", tag: "", summary: "", handle },
    ],
    noLog,
  );
  return {
    url: `http://127.0.0.1:${server.port}/`,
    next: () => new Promise((resolve) => waiting.push(resolve)),
    close: () => server.close(),
  };
}

async function aborted({ signal }: HttpRequest): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

describe("a transfer under way", () => {
  let silent: Awaited<ReturnType<typeof startSilentServer>>;
  let local: PartsServer;
  let study: string;

  beforeAll(async () => {
    silent = await startSilentServer();
    local = await startPartsServer({ silent: [silent.url] });
    for (const { file } of makeStudy({ instances: 3, rows: 16 })) {
      study = (await local.archive.ingest(file, { kind: "RestApi" })).identifiers.Study;
    }
  });
  afterAll(async () => {
    await local.close();
    await silent.close();
  });

  async function submit(operation: string, body: object): Promise<{ id: string; request: HttpRequest }> {
    const coming = silent.next();
    const response = await fetch(`${local.url}/dicom-web/servers/silent/${operation}`, {
      method: "POST",
      body: JSON.stringify({ ...body, Asynchronous: true }),
    });
    const { ID } = (await response.json()) as { ID: string };
    return { id: ID, request: await coming };
  }

  it.each([
    ["stow", () => ({ Resources: [study] })],
    ["retrieve", () => ({ Resources: [{ Study: "1.2.3" }] })],
  ])("ends at once when its job (%s) is cancelled", async (operation, body) => {
    const { id, request } = await submit(operation, body());
    expect(local.jobs.cancel(id)).toBe(true);
    await aborted(request);
    const { state, error } = await local.jobs.finished(id);
    expect({ state, error: error?.name }).toEqual({ state: "Failure", error: "CanceledJob" });
  });

  it("is left behind when the server stops, to go on with the batch that was not answered for", async () => {
    const { id, request } = await submit("stow", { Resources: [study] });
    await local.jobs.close();
    await aborted(request);
    expect(local.jobs.get(id)?.state).toBe("Running");
  });
});
