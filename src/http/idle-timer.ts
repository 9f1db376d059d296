/** Fires when nothing has moved for a while; costs nothing while things move. */
export class IdleTimer {
  readonly #milliseconds: number;
  readonly #onIdle: () => void;
  #timer: NodeJS.Timeout | undefined;
  #deadline = Number.POSITIVE_INFINITY;

  /** Without `seconds` (0) it never fires. */
  constructor(seconds: number, onIdle: () => void) {
    this.#milliseconds = seconds * 1000;
    this.#onIdle = onIdle;
    if (seconds > 0) this.#arm(this.#milliseconds);
  }

  /** From now on the other side has to do something. */
  expect(): void {
    this.#deadline = performance.now() + this.#milliseconds;
  }

  /** It is this side's turn: silence does not count. */
  hold(): void {
    this.#deadline = Number.POSITIVE_INFINITY;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #arm(milliseconds: number): void {
    this.#timer = setTimeout(() => this.#check(), milliseconds);
    this.#timer.unref();
  }

  #check(): void {
    const left = this.#deadline - performance.now();
    if (left <= 0) this.#onIdle();
    else this.#arm(Math.min(left, this.#milliseconds));
  }
}
