import type { IncomingResponse } from "./association.ts";
import type { Reading } from "./incoming-dataset.ts";

/** Bytes that wait for their reader before reading from the other side stops. */
const highWaterMark = 1024 * 1024;
const lowWaterMark = 256 * 1024;
/** What a response without a dataset counts. */
const responseSize = 1024;

/** Responses that wait for the one who asked. */
export class ResponseQueue {
  readonly #reading: Reading;
  #responses: IncomingResponse[] = [];
  #size = 0;
  #isHolding = false;
  #isAbandoned = false;
  #failure: Error | undefined;
  #waiting: PromiseWithResolvers<IncomingResponse> | undefined;

  constructor(reading: Reading) {
    this.#reading = reading;
  }

  push(response: IncomingResponse): void {
    if (this.#isAbandoned) return;
    if (this.#waiting !== undefined) {
      this.#waiting.resolve(response);
      this.#waiting = undefined;
      return;
    }
    this.#responses.push(response);
    this.#size += sizeOf(response);
    if (this.#size < highWaterMark || this.#isHolding) return;
    this.#isHolding = true;
    this.#reading.hold();
  }

  /** The next response that is there already. */
  shift(): IncomingResponse | undefined {
    const response = this.#responses.shift();
    if (response === undefined) return undefined;
    this.#size -= sizeOf(response);
    if (this.#size <= lowWaterMark) this.#letGo();
    return response;
  }

  /** The next response, when none is there. */
  next(): Promise<IncomingResponse> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    this.#waiting = Promise.withResolvers();
    return this.#waiting.promise;
  }

  /** The reader gets what is there, then the error. */
  fail(error: Error): void {
    this.#failure = error;
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }

  /** Nobody reads any more. */
  abandon(): void {
    this.#isAbandoned = true;
    this.#responses = [];
    this.#letGo();
  }

  #letGo(): void {
    if (!this.#isHolding) return;
    this.#isHolding = false;
    this.#reading.letGo();
  }
}

function sizeOf({ dataset }: IncomingResponse): number {
  return responseSize + (dataset?.length ?? 0);
}
