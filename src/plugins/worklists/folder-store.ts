import { randomUUID } from "node:crypto";
import { readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ServerError, type Clock, type Dataset, type PluginServer } from "../../plugin-api.ts";
import { KnownFiles } from "./known-files.ts";
import type { StoredWorklist, WorklistStore } from "./store.ts";

type Server = Pick<PluginServer, "parseDicom" | "log">;

/** Files that are looked at together. */
const batchSize = 32;
/** No worklist is larger, in bytes. */
const maximumSize = 16 << 20;
/** Milliseconds in which a file may change again without that showing in its date. */
const dateGrain = 2000;

/**
 * The `*.wl` files of a folder, as DCMTK's `wlmscpfs` has them; not those of its subfolders. Each query sees them as they are then: a file
 * is not read again only while its date and size stay the same. A folder that is not there yet is warned of.
 */
export async function openFolderStore(folder: string, server: Server, clock: Clock): Promise<WorklistStore> {
  await listing(folder).catch((error: Error) => server.log.warn(error.message));
  const known = new KnownFiles();
  const read = createReader(folder, known, server, clock);
  const names = async (): Promise<readonly string[]> => {
    const found = (await listing(folder)).filter((name) => /\.wl$/i.test(name)).sort();
    known.keepOnly(new Set(found));
    return found;
  };
  const nameOf = async (id: string) => (await names()).find((name) => idOf(name) === id);
  return {
    async *all(): AsyncGenerator<StoredWorklist, void, void> {
      const found = await names();
      for (let at = 0; at < found.length; at += batchSize) {
        const worklists = await Promise.all(found.slice(at, at + batchSize).map(read));
        yield* worklists.filter((worklist) => worklist !== undefined);
      }
    },
    async get(id) {
      const name = await nameOf(id);
      return name === undefined ? undefined : read(name);
    },
    async put(id, file) {
      await write(join(folder, (await nameOf(id)) ?? newName(id)), file);
    },
    async delete(id) {
      const name = await nameOf(id);
      if (name === undefined) return false;
      await rm(join(folder, name), { force: true });
      return true;
    },
  };
}

/** Reads a worklist by the name of its file; undefined when it is broken or has gone. */
function createReader(
  folder: string,
  known: KnownFiles,
  server: Server,
  clock: Clock,
): (name: string) => Promise<StoredWorklist | undefined> {
  return async (name) => {
    const path = join(folder, name);
    try {
      const { mtimeNs, mtimeMs, size: length, ino } = await stat(path, { bigint: true });
      const [version, size] = [`${mtimeNs} ${length} ${ino}`, Number(length)];
      let file = known.get(name);
      if (file?.version !== version) {
        file = { version, size, dataset: await parse(path, size, server) };
        if (clock.now() - Number(mtimeMs) > dateGrain) known.set(name, file);
        else known.delete(name);
      }
      return file.dataset === undefined ? undefined : { id: idOf(name), dataset: file.dataset };
    } catch (error) {
      known.delete(name);
      if (!isMissing(error)) server.log.error(`the worklist ${path} cannot be read`, { error });
      return undefined;
    }
  };
}

async function parse(path: string, size: number, server: Server): Promise<Dataset | undefined> {
  try {
    if (size > maximumSize) throw new ServerError("BadFileFormat", `it has ${size} bytes: expected a worklist`);
    return server.parseDicom(await readFile(path)).dataset;
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    server.log.error(`the worklist ${path} is broken: ${error.message}`);
    return undefined;
  }
}

function idOf(name: string): string {
  return name.slice(0, -".wl".length);
}

function newName(id: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are among what must not be in a name
  if (id.length <= 200 && !/^$|^\.|[/\\:*?"<>|\u0000-\u001f]/.test(id)) return `${id}.wl`;
  throw new ServerError("ParameterOutOfRange", `"${id}" cannot be the name of a worklist`);
}

/** Nobody reads half a file: it gets its name when it is complete. */
async function write(path: string, file: Buffer): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeFile(temporary, file, { flush: true });
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new ServerError("CannotWriteFile", path, { cause });
  }
}

/** What is in the folder but for subfolders; `DirectoryExpected` when it cannot be read. */
async function listing(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  } catch (cause) {
    throw new ServerError("DirectoryExpected", `Worklists.Directory: ${folder} cannot be read`, { cause });
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
