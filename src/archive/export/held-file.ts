import type { Archive } from "../archive.ts";

/** Bytes that are kept in the storage until they are released. */
export interface HeldFile {
  readonly size: number;
  /** May be called several times; reading that has begun goes on after the release. */
  read(): AsyncIterable<Uint8Array>;
  /** Resolves when the bytes are gone. */
  release(): Promise<void>;
}

/** Writes `data` into the storage; when that fails nothing is left. */
export async function holdFile(archive: Pick<Archive, "spool">, data: AsyncIterable<Uint8Array>): Promise<HeldFile> {
  const written = Promise.withResolvers<Omit<HeldFile, "release">>();
  const released = Promise.withResolvers<void>();
  const holding = archive.spool(data, async (spooled) => {
    const { size } = spooled;
    written.resolve({ size, read: () => spooled.read({ start: 0, end: size }) });
    await released.promise;
  });
  holding.catch(written.reject);
  return {
    ...(await written.promise),
    release: () => {
      released.resolve();
      return holding;
    },
  };
}
