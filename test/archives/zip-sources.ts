import type { ZipSource } from "../../src/archive/zip/write-zip.ts";

/** A file of a test's archive. */
export interface TestFile {
  readonly name: string;
  readonly data: Buffer;
  /** Bytes of the chunks that it comes in; all at once when absent. */
  readonly chunk?: number;
  /** Told to the writer; the true size when absent. */
  readonly size?: number | undefined;
}

/** The files as sources of an archive. */
export async function* sourcesOf(files: Iterable<TestFile>): AsyncGenerator<ZipSource, void, void> {
  for (const file of files) {
    const size = "size" in file ? file.size : file.data.length;
    yield { name: file.name, open: async () => ({ size, stream: chunksOf(file) }) };
  }
}

async function* chunksOf({ data, chunk = data.length }: TestFile): AsyncGenerator<Uint8Array, void, void> {
  await Promise.resolve();
  for (let at = 0; at < data.length; at += chunk) yield data.subarray(at, at + chunk);
}
