import { randomUUID } from "node:crypto";
import type { Archive } from "../archive.ts";
import { holdFile, type HeldFile } from "./held-file.ts";

/** The archives that jobs have made, until they are fetched. They go with the process. */
export interface KeptArchives {
  /** Writes an archive and answers its key; the one that was not asked for longest goes when there are too many. */
  keep(data: AsyncIterable<Uint8Array>): Promise<string>;
  get(key: string): Pick<HeldFile, "size" | "read"> | undefined;
  remove(key: string): Promise<void>;
  close(): Promise<void>;
}

/** `capacity`: archives at most (`MediaArchiveSize`). */
export function createKeptArchives(archive: Pick<Archive, "spool">, capacity: number): KeptArchives {
  /** The one that was not asked for longest comes first. */
  const held = new Map<string, HeldFile>();
  const remove = async (key: string): Promise<void> => {
    const file = held.get(key);
    held.delete(key);
    await file?.release();
  };
  return {
    async keep(data) {
      const file = await holdFile(archive, data);
      const key = randomUUID();
      held.set(key, file);
      for (const oldest of [...held.keys()].slice(0, -capacity)) await remove(oldest);
      return key;
    },
    get(key) {
      const file = held.get(key);
      if (file === undefined) return undefined;
      held.delete(key);
      held.set(key, file);
      return file;
    },
    remove,
    async close() {
      await Promise.all([...held.keys()].map(remove));
    },
  };
}
