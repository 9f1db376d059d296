/**
 * `node ingesting-process.ts FOLDER ROUND`: ingests instances until it is killed. For each one that is acknowledged it prints a line:
 * its identifier and the SHA-256 of its file.
 */
import { createHash } from "node:crypto";
import { openFileArchive } from "../archive/open-file-archive.ts";
import { makeLargeInstance } from "../phantoms/large-instance.ts";
import { makeImage } from "../phantoms/study.ts";

/** Uploads at the same time. */
const senders = 6;
/** Beyond the memory of one upload: streamed into the storage. */
const largeSize = 1.5 * 2 ** 20;

const [folder = "", round = ""] = process.argv.slice(2);
const { archive } = await openFileArchive(folder);

/** Small ones, which the journal makes durable, larger ones and streamed ones take turns. */
async function fileOf(seed: number): Promise<Buffer> {
  if (seed % 12 === 0) return Buffer.concat(await Array.fromAsync(makeLargeInstance(largeSize, seed).stream()));
  return makeImage({ seed, rows: seed % 3 === 0 ? 256 : 48 }).file;
}

async function* inPieces(file: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < file.length; at += 65_536) yield file.subarray(at, at + 65_536);
}

async function send(sender: number): Promise<never> {
  for (let seed = Number(round) * 1_000_000 + sender; ; seed += senders) {
    const file = await fileOf(seed);
    const { status, identifiers } = await archive.ingest(inPieces(file), { kind: "RestApi" });
    if (status !== "Success") throw new Error(`instance ${seed}: ${status}`);
    // To a pipe this is written before the call returns.
    process.stdout.write(`${identifiers.Instance} ${createHash("sha256").update(file).digest("hex")}\n`);
  }
}

await Promise.all(Array.from({ length: senders }, (_, sender) => send(sender)));
