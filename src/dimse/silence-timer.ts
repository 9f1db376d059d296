/** Of `setTimeout`, in milliseconds. */
const longestTimeout = 2 ** 31 - 1;

/** Fires when it has been the other side's turn for too long. Costs a look at the clock while things move. */
export class SilenceTimer {
  readonly #milliseconds: number;
  readonly #isPeersTurn: () => boolean;
  readonly #onSilence: () => void;
  #timer: NodeJS.Timeout | undefined;
  #last = performance.now();

  /** Without `seconds` (0) it never fires. */
  constructor(seconds: number, isPeersTurn: () => boolean, onSilence: () => void) {
    this.#milliseconds = seconds * 1000;
    this.#isPeersTurn = isPeersTurn;
    this.#onSilence = onSilence;
    if (seconds > 0) this.#arm(this.#milliseconds);
  }

  /** Something has moved. */
  touch(): void {
    this.#last = performance.now();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #arm(milliseconds: number): void {
    this.#timer = setTimeout(() => this.#check(), Math.min(Math.max(1, milliseconds), longestTimeout));
    this.#timer.unref();
  }

  #check(): void {
    if (!this.#isPeersTurn()) this.touch();
    const left = this.#last + this.#milliseconds - performance.now();
    if (left <= 0) this.#onSilence();
    else this.#arm(left);
  }
}
