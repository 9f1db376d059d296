import { afterEach, describe, expect, it } from "vitest";
import { openMemoryArchive } from "../../test/memory-archive.ts";
import { memoryPeer, type MemoryPeer, type MemoryPeerOptions, memoryRemote } from "../../test/scu/memory-network.ts";
import type { Transcoding } from "../archive/transcode.ts";
import { buildDataset } from "../dicom/build-dataset.ts";
import { writeDataset, writeDicom } from "../dicom/write.ts";
import { ServerError } from "../util/errors.ts";
import { noLog } from "../util/log.ts";
import { createStoreScu } from "./store-scu-session.ts";

const implicit = "1.2.840.10008.1.2";
const explicit = "1.2.840.10008.1.2.1";
const ct = "1.2.840.10008.5.1.4.1.1.2";
const mr = "1.2.840.10008.5.1.4.1.1.4";

interface Made {
  readonly uid: string;
  readonly SOPClassUID?: string;
  readonly transferSyntaxUID?: string;
  /** Bytes of pixels. */
  readonly size?: number;
}

function datasetOf({ uid, SOPClassUID = ct, size = 10 }: Made) {
  return buildDataset([
    { tag: 0x00080016, value: SOPClassUID },
    { tag: 0x00080018, value: uid },
    { tag: 0x00100020, value: "patient" },
    { tag: 0x0020000d, value: "1.2" },
    { tag: 0x0020000e, value: "1.3" },
    { tag: 0x7fe00010, vr: "OW", value: Buffer.alloc(size, uid) },
  ]);
}

const bytesOf = (made: Made) =>
  writeDataset(datasetOf(made), { transferSyntaxUID: made.transferSyntaxUID ?? explicit });
const fileOf = (made: Made) =>
  writeDicom({ dataset: datasetOf(made) }, { transferSyntaxUID: made.transferSyntaxUID ?? explicit });

/** Transcodes to implicit VR by writing anew; nothing else. */
function transcodingOf(files: ReadonlyMap<string, Made>): Pick<Transcoding, "transcodedFile" | "transcodeBytes"> {
  return {
    async transcodedFile(id, { transferSyntaxes }) {
      const made = files.get(id);
      if (made === undefined) return undefined;
      if (!transferSyntaxes.includes(implicit)) throw new ServerError("NotImplemented");
      const bytes = fileOf({ ...made, transferSyntaxUID: implicit });
      async function* stream(): AsyncGenerator<Uint8Array> {
        yield bytes.subarray(0, 200);
        yield bytes.subarray(200);
      }
      return { transferSyntaxUID: implicit, SOPInstanceUID: `${made.uid}.1`, stream: stream() };
    },
    transcodeBytes: async () => {
      throw new ServerError("NotImplemented");
    },
  };
}

describe("StoreScu", () => {
  const opened: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of opened.splice(0)) await each.close();
  });

  async function setUp(instances: readonly Made[], options: MemoryPeerOptions = {}, allowTranscoding = true) {
    const peer: MemoryPeer = memoryPeer(options);
    const memory = await openMemoryArchive();
    const { archive, catalog } = memory;
    opened.push(memory);
    let reads = 0;
    const readInto: typeof memory.storage.readInto = async (...blob) => {
      reads += 1;
      return memory.storage.readInto(...blob);
    };
    const storage = { ...memory.storage, readInto };
    const files = new Map<string, Made>();
    for (const made of instances) {
      const { identifiers } = await archive.ingest(fileOf(made), { kind: "RestApi" });
      files.set(identifiers.Instance, made);
    }
    const parts = {
      associations: peer.associations,
      catalog,
      storage,
      transcoding: transcodingOf(files),
      preferredTransferSyntax: explicit,
      log: noLog,
    };
    const ids = [...files.keys()];
    const open = createStoreScu(parts);
    const target = { ...memoryRemote, allowTranscoding };
    const uids = () => peer.received.map(({ request }) => request.command.AffectedSOPInstanceUID);
    return { scu: open(target, { instances: ids }), unplanned: open(target), peer, ids, uids, reads: () => reads };
  }

  it("sends the stored bytes of the datasets over one association", async () => {
    const instances = [
      { uid: "1.4.1" },
      { uid: "1.4.2", size: 1001 },
      { uid: "1.4.3", SOPClassUID: mr },
      { uid: "1.4.4" },
    ];
    const { scu, peer, ids, uids } = await setUp(instances);
    for (const id of ids) {
      expect(await scu.storeInstance(id)).toMatchObject({ status: 0 });
    }
    await scu.close();
    expect(uids()).toEqual(instances.map(({ uid }) => uid));
    for (const [at, { dataset }] of peer.received.entries()) {
      expect(dataset.equals(bytesOf(instances[at] ?? { uid: "" }))).toBe(true);
    }
    // The plan told of both classes before the first was sent.
    expect(peer.opened).toHaveLength(1);
  });

  it("streams what is large", async () => {
    const large = { uid: "1.4.1", size: 3 << 20 };
    const { scu, peer, ids } = await setUp([large]);
    await scu.storeInstance(ids[0] ?? "");
    await scu.close();
    expect(peer.received[0]?.dataset.equals(bytesOf(large))).toBe(true);
  });

  it("reads the next instance while one is being sent", async () => {
    const seen: number[] = [];
    const gate: { reads?: () => number } = {};
    const answer = () => {
      seen.push(gate.reads?.() ?? 0);
      return [{ command: { Status: 0 } }];
    };
    const { scu, ids, reads } = await setUp([{ uid: "1.4.1" }, { uid: "1.4.2" }, { uid: "1.4.3" }], { answer });
    gate.reads = reads;
    for (const id of ids) await scu.storeInstance(id);
    await scu.close();
    expect(seen).toEqual([2, 3, 3]);
  });

  it("negotiates anew for what was not in the plan", async () => {
    const { unplanned, peer, ids } = await setUp([
      { uid: "1.4.1" },
      { uid: "1.4.2", SOPClassUID: mr },
      { uid: "1.4.3" },
    ]);
    for (const id of ids) await unplanned.storeInstance(id);
    await unplanned.close();
    expect(peer.opened.map(({ contexts }) => new Set(contexts.map(({ abstractSyntax }) => abstractSyntax)))).toEqual([
      new Set([ct]),
      new Set([ct, mr]),
    ]);
  });

  it("transcodes what is refused as it is stored", async () => {
    const choose = (_: string, proposed: readonly string[]) => proposed.find((uid) => uid === implicit);
    const made = { uid: "1.4.1" };
    const { scu, peer, ids } = await setUp([made], { choose });
    expect(await scu.storeInstance(ids[0] ?? "")).toEqual({ status: 0, SOPClassUID: ct, SOPInstanceUID: "1.4.1.1" });
    await scu.close();
    const [received] = peer.received;
    expect(received?.request.context.transferSyntaxUID).toBe(implicit);
    expect(received?.request.command.AffectedSOPInstanceUID).toBe("1.4.1.1");
    expect(received?.dataset.equals(bytesOf({ ...made, transferSyntaxUID: implicit }))).toBe(true);
  });

  it.each([
    { why: "transcoding is not allowed", allowed: false, taken: implicit },
    { why: "no codec can", allowed: true, taken: "1.2.840.10008.1.2.2" },
    { why: "nothing is accepted", allowed: true, taken: "" },
  ])("fails when $why", async ({ allowed, taken }) => {
    const choose = (_: string, proposed: readonly string[]) => proposed.find((uid) => uid === taken);
    const { scu, peer, ids } = await setUp([{ uid: "1.4.1" }], { choose }, allowed);
    await expect(scu.storeInstance(ids[0] ?? "")).rejects.toMatchObject({ errorName: "NoPresentationContext" });
    await scu.close();
    expect(peer.received).toHaveLength(0);
  });

  it("tells refusals with their status, and goes on over the same association", async () => {
    const { scu, peer, ids } = await setUp([{ uid: "1.4.1" }, { uid: "1.4.2" }], {
      answer: (_, index) => [{ command: { Status: index === 0 ? 0xa700 : 0xb007, ErrorComment: "full" } }],
    });
    await expect(scu.storeInstance(ids[0] ?? "")).rejects.toMatchObject({
      errorName: "NetworkProtocol",
      payload: { Type: "Dimse", Content: { DimseErrorStatus: 0xa700 } },
      details: expect.stringContaining("full") as string,
    });
    // Warnings are successes (PS3.4 Table B.2-1).
    expect(await scu.storeInstance(ids[1] ?? "")).toMatchObject({ status: 0xb007 });
    await scu.close();
    expect(peer.opened).toHaveLength(1);
  });

  it("opens another association when the first has ended", async () => {
    const { scu, peer, ids } = await setUp([{ uid: "1.4.1" }, { uid: "1.4.2" }]);
    await scu.storeInstance(ids[0] ?? "");
    peer.received[0]?.request.association.abort();
    await peer.received[0]?.request.association.ended;
    await expect.poll(() => scu.storeInstance(ids[1] ?? "")).toMatchObject({ status: 0 });
    await scu.close();
    expect(peer.opened).toHaveLength(2);
  });

  it("does not know instances that are not in the archive", async () => {
    const { scu } = await setUp([]);
    await expect(scu.storeInstance("nothing")).rejects.toMatchObject({ errorName: "UnknownResource" });
  });

  it("sends files that are not in the archive", async () => {
    const { scu, peer } = await setUp([]);
    const made = { uid: "1.4.9" };
    const file = fileOf(made);
    const spooled = {
      size: file.length,
      async *read({ start, end }: { readonly start: number; readonly end: number }) {
        yield file.subarray(start, end);
      },
    };
    expect(await scu.storeFile(spooled)).toEqual({ status: 0, SOPClassUID: ct, SOPInstanceUID: "1.4.9" });
    await scu.close();
    expect(peer.received[0]?.dataset.equals(bytesOf(made))).toBe(true);
  });
});
