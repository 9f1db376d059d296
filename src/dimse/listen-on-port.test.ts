import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import {
  acceptingAll,
  collect,
  collectBytes,
  requestingAll,
  verification,
} from "../../test/dimse/memory-association.ts";
import { freePort } from "../../test/free-port.ts";
import { noLog } from "../util/log.ts";
import type { Association, OutgoingRequest, RequestHandler } from "./association.ts";
import type { AssociationRequest } from "./connect.ts";
import type { DicomListener, DicomListenerOptions } from "./listen.ts";
import { listen } from "./listen-on-port.ts";
import { associate } from "./open-association.ts";
import { withOwnMemory } from "./own-memory.ts";

const echo: OutgoingRequest = { contextId: 1, command: { CommandField: 0x30, AffectedSOPClassUID: verification } };
const store = (dataset: OutgoingRequest["dataset"]): OutgoingRequest => ({
  contextId: 3,
  command: { CommandField: 1, Priority: 0 },
  ...(dataset && { dataset }),
});
const success = { command: { Status: 0 } };

let listener: DicomListener;
afterEach(() => listener.close(0));

async function start(options: Partial<DicomListenerOptions> = {}): Promise<DicomListener> {
  listener = await listen({ ...acceptingAll, port: 0, bindAddress: "127.0.0.1", ...options });
  return listener;
}

function open(request: Partial<AssociationRequest> = {}): Promise<Association> {
  return associate({ ...requestingAll, host: "127.0.0.1", port: listener.port, ...request });
}

describe("over TCP", () => {
  it("an association is opened, used and released", async () => {
    await start();
    const association = await open();
    expect(association).toMatchObject({ side: "requestor", remoteIp: "127.0.0.1", isOpen: true });
    expect(association.peerImplementation.versionName).toBe("GREYHAVEN_0");
    expect(await collect(association.request(echo))).toMatchObject([{ command: { Status: 0 } }]);
    expect(listener.associations).toBe(1);
    await association.release();
    expect(association.isOpen).toBe(false);
  });

  it("the acceptor sees who calls, without the IPv6 prefix, and the user's identity", async () => {
    const seen = Promise.withResolvers<unknown>();
    await start({
      bindAddress: "::",
      decide: (indication) => {
        seen.resolve(indication);
        return acceptingAll.decide(indication);
      },
    });
    const userIdentity = {
      type: "UsernameAndPasscode",
      primaryField: Buffer.from("user"),
      secondaryField: Buffer.from("secret"),
    } as const;
    const association = await open({ userIdentity });
    expect(await seen.promise).toMatchObject({ callingAet: "REQUESTOR", remoteIp: "127.0.0.1", userIdentity });
    await association.release();
  });

  it("200 associations at the same time are served", async () => {
    await start({
      handle: async function* ({ dataset }) {
        if (dataset !== undefined) await collectBytes(dataset);
        yield success;
      },
    });
    const associations = await Promise.all(Array.from({ length: 200 }, () => open()));
    expect(listener.associations).toBe(200);
    const dataset = Buffer.alloc(100_000);
    const answers = await Promise.all(
      associations.flatMap((association) =>
        [echo, store(dataset), echo].map((request) => collect(association.request(request))),
      ),
    );
    expect(answers.flat().filter(({ command }) => command.Status === 0)).toHaveLength(600);
    await Promise.all(associations.map((association) => association.release()));
  });

  it("datasets arrive as they were sent, though the memory that is read into is used again", async () => {
    const received: Buffer[] = [];
    await start({
      handle: async function* ({ dataset }) {
        if (dataset !== undefined) received.push(await collectBytes(dataset));
        yield success;
      },
    });
    const sizes = [0, 1, 16_384, 16_385, 40_000, 200_000, 1_000_000];
    const datasets = sizes.map((size) => randomBytes(size));
    const association = await open();
    for (const dataset of datasets) await collect(association.request(store(dataset)));
    await association.release();
    // An empty dataset is none.
    expect(received.map((bytes) => bytes.length)).toEqual(sizes.slice(sizes.length - received.length));
    expect(received.every((bytes) => datasets.some((dataset) => dataset.equals(bytes)))).toBe(true);
  });

  it("an accepted connection reads into memory of its own", async () => {
    const chunks: Buffer[] = [];
    const server = createServer({ pauseOnConnect: true }, (accepted) => {
      const socket = withOwnMemory(accepted);
      expect(socket).not.toBe(accepted);
      expect(socket.remoteAddress).toBe("127.0.0.1");
      socket.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        socket.write(Buffer.from(chunk));
      });
      socket.on("end", () => socket.end());
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const peer = connect(typeof address === "object" && address !== null ? address.port : 0, "127.0.0.1");
    for (const text of ["first", "again"]) {
      peer.write(text);
      expect(String(await once(peer, "data"))).toBe(text);
    }
    // What came first has gone.
    expect(chunks.map(String)).toEqual(["again", "again"]);
    peer.end();
    await once(peer, "close");
    const closed = once(server, "close");
    server.close();
    await closed;
  });

  it("nothing listens where nothing listens", async () => {
    await start();
    await expect(open({ port: await freePort() })).rejects.toMatchObject({
      failure: "network",
      message: expect.stringContaining("ECONNREFUSED"),
    });
    await expect(open({ host: "localhost", port: await freePort() })).rejects.toThrow(/ECONNREFUSED/);
    await expect(open({ host: "no-such-host.invalid" })).rejects.toMatchObject({ failure: "network" });
  });

  it("a port that is taken and an address that is not ours are told", async () => {
    const { port } = await start();
    const options = { ...acceptingAll, port, bindAddress: "127.0.0.1" };
    await expect(listen(options)).rejects.toMatchObject({ errorName: "DicomPortInUse" });
    await expect(listen({ ...options, bindAddress: "192.0.2.1" })).rejects.toMatchObject({
      errorName: "NetworkProtocol",
    });
  });

  it("a peer that sends something else than DICOM is disconnected", async () => {
    await start();
    const socket = connect(listener.port, "127.0.0.1");
    socket.resume().write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await once(socket, "readable");
    socket.destroy();
  });
});

describe("memory", () => {
  it("a peer that reads slowly holds the handler", async () => {
    let given = 0;
    const answer: RequestHandler = async function* () {
      for (; given < 400; given += 1) yield { command: { Status: 0xff00 }, dataset: Buffer.alloc(200_000) };
      yield success;
    };
    await start({ handle: answer });
    const association = await open();
    const responses = association.request(store(undefined))[Symbol.asyncIterator]();
    await responses.next();
    await untilStill(() => given);
    // The buffers of the system hold some of the 80 MB.
    expect(given).toBeLessThan(150);
    let count = 1;
    while ((await responses.next()).done !== true) count += 1;
    expect(count).toBe(401);
    await association.release();
  });
});

/** Waits until a number has not changed for many turns of the event loop. */
async function untilStill(value: () => number): Promise<void> {
  for (let last = -1; last !== value();) {
    last = value();
    for (let turns = 0; turns < 200; turns += 1) await turn();
  }
}

describe("closing", () => {
  it("lets requests under way finish, and aborts what is idle", async () => {
    const begun = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    await start({
      handle: async function* () {
        begun.resolve();
        await go.promise;
        yield success;
      },
    });
    const busy = await open();
    const idle = await open();
    const answered = collect(busy.request(echo));
    await begun.promise;
    const closed = listener.close(60);
    await idle.ended;
    expect(busy.isOpen).toBe(true);
    go.resolve();
    expect(await answered).toMatchObject([{ command: { Status: 0 } }]);
    await closed;
    await busy.ended;
    await expect(open()).rejects.toMatchObject({ failure: "network" });
  });

  it("aborts what does not finish in time, and connections without an association", async () => {
    const begun = Promise.withResolvers<void>();
    await start({
      handle: async function* ({ signal }) {
        begun.resolve();
        await once(signal, "abort");
        yield success;
      },
    });
    const busy = await open();
    const answered = collect(busy.request(echo));
    const silent: Socket = connect(listener.port, "127.0.0.1");
    await once(silent, "connect");
    await begun.promise;
    await Promise.all([listener.close(0.05), expect(answered).rejects.toMatchObject({ failure: "aborted" })]);
    silent.destroy();
  });

  it("logs what becomes of an association", async () => {
    const lines: string[] = [];
    const log = { ...noLog, info: (line: string) => lines.push(line), warn: (line: string) => lines.push(line) };
    await start({ log });
    await (await open()).release();
    const aborted = await open({ callingAet: "OTHER" });
    aborted.abort();
    await aborted.ended;
    await listener.close(0);
    expect(lines).toEqual([
      "Association of REQUESTOR (127.0.0.1) accepted",
      "Association of REQUESTOR (127.0.0.1) released",
      "Association of OTHER (127.0.0.1) accepted",
      "Association of OTHER (127.0.0.1) ended: Aborted by the other side (service-user)",
    ]);
  });
});
