import type { Dataset } from "../../plugin-api.ts";

/** A file as it was read last; without a dataset it is broken. */
export interface KnownFile {
  /** Changes with the file: its date, size and number. */
  readonly version: string;
  /** Bytes. */
  readonly size: number;
  readonly dataset: Dataset | undefined;
}

/** Bytes of files that are kept at most. */
const budget = 64 << 20;

/** What was read from files, as far as the budget goes. */
export class KnownFiles {
  readonly #files = new Map<string, KnownFile>();
  #bytes = 0;

  get(name: string): KnownFile | undefined {
    return this.#files.get(name);
  }

  set(name: string, file: KnownFile): void {
    this.delete(name);
    if (this.#bytes + file.size > budget) return;
    this.#files.set(name, file);
    this.#bytes += file.size;
  }

  delete(name: string): void {
    this.#bytes -= this.#files.get(name)?.size ?? 0;
    this.#files.delete(name);
  }

  /** Forgets all others. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const name of this.#files.keys()) if (!names.has(name)) this.delete(name);
  }
}
