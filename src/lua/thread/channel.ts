import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { FromThread, HostRequest, LuaData, ThreadData, ToThread } from "../protocol.ts";

type Answer = Extract<ToThread, { kind: "answer" }>;
export type Work = Exclude<ToThread, Answer>;

/** The thread's side of the messages: it sleeps until one comes, so that scripts may wait for answers in the midst of Lua. */
export class Channel {
  readonly #port: MessagePort;
  readonly #signal: Int32Array;
  readonly #answers = new Map<number, Answer>();
  #seen = 0;
  #nextId = 1;

  constructor(port: MessagePort, { signal }: ThreadData) {
    this.#port = port;
    this.#signal = signal;
  }

  send(message: FromThread): void {
    this.#port.postMessage(message, []);
  }

  /** Sleeps until there is work. */
  work(): Work {
    for (;;) {
      const message = this.#receive();
      if (message.kind !== "answer") return message;
      this.#answers.set(message.id, message);
    }
  }

  /**
   * Asks the server and sleeps until it answers. Work that comes meanwhile is handed to `meanwhile`, which may ask in its turn. Throws
   * what the server says is wrong.
   */
  ask(request: HostRequest, meanwhile: (work: Work) => void): LuaData {
    const id = this.#nextId;
    this.#nextId += 1;
    this.send({ kind: "request", id, request });
    for (;;) {
      const answer = this.#answers.get(id);
      if (answer !== undefined) {
        this.#answers.delete(id);
        if (answer.error !== undefined) throw new Error(answer.error);
        return answer.value;
      }
      const message = this.#receive();
      if (message.kind === "answer") this.#answers.set(message.id, message);
      else meanwhile(message);
    }
  }

  #receive(): ToThread {
    for (;;) {
      const received = receiveMessageOnPort(this.#port);
      if (received !== undefined) return received.message as ToThread;
      Atomics.wait(this.#signal, 0, this.#seen);
      this.#seen = Atomics.load(this.#signal, 0);
    }
  }
}
