import type { Log } from "../util/log.ts";

export interface ThrottledSaveOptions {
  /** The text as it is now. */
  readonly render: () => string;
  readonly save: (text: string) => Promise<void>;
  /** Milliseconds that `soon` may wait. */
  readonly interval: number;
  readonly log: Log;
}

/**
 * Saves a text that changes often: one save at a time, changes during a save are taken by the next one.
 * A save that fails is logged and tried again at the next change.
 */
export class ThrottledSave {
  readonly #options: ThrottledSaveOptions;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #dirty = false;

  constructor(options: ThrottledSaveOptions) {
    this.#options = options;
  }

  /** Saves within the interval. */
  soon(): void {
    this.#dirty = true;
    this.#timer ??= setTimeout(() => this.now(), this.#options.interval).unref();
  }

  /** Saves as soon as the save in flight is done; many calls in one turn of the event loop make one save. */
  now(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#dirty = true;
    this.#running ??= this.#drain();
  }

  /** Saves and waits for it. */
  async flush(): Promise<void> {
    this.now();
    await this.#running;
  }

  async #drain(): Promise<void> {
    await Promise.resolve();
    while (this.#dirty) {
      this.#dirty = false;
      try {
        await this.#options.save(this.#options.render());
      } catch (cause) {
        this.#options.log.error("Cannot save the jobs", { cause });
      }
    }
    this.#running = undefined;
  }
}
