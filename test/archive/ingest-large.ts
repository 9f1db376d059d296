/** `node ingest-large.ts FOLDER BYTES`: ingests one instance of that size and prints what became of it and what memory it took. */
import { readFile } from "node:fs/promises";
import { makeLargeInstance } from "../phantoms/large-instance.ts";
import { openFileArchive } from "./open-file-archive.ts";

/** The highest resident memory so far, in megabytes. */
async function peak(): Promise<number> {
  const kilobytes = /VmHWM:\s*(\d+) kB/.exec(await readFile("/proc/self/status", "utf8"))?.[1];
  return Number(kilobytes) / 1024;
}

const [folder = "", bytes = ""] = process.argv.slice(2);
const large = makeLargeInstance(Number(bytes));
await using open = await openFileArchive(folder);
const peakBefore = await peak();
const { status, identifiers } = await open.archive.ingest(large.stream(), { kind: "RestApi" });
const file = await open.archive.open(identifiers.Instance, 1);
const header = await open.archive.header(identifiers.Instance);
console.log(
  JSON.stringify({
    status,
    size: file?.size === large.size,
    frames: header?.dataset.number(0x00280008),
    megabytes: (await peak()) - peakBefore,
  }),
);
