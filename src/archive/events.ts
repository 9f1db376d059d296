import type { Log } from "../util/log.ts";
import type { ArchiveEvent } from "./archive.ts";

type Listener = (event: ArchiveEvent) => void;

/** Tells what happens to resources. */
export interface Events {
  /** Calls the listeners one after the other. One that throws is logged and does not keep the others from hearing. */
  emit(event: ArchiveEvent): void;
  /** Whether anybody listens: events that cost something to make need not be made otherwise. */
  readonly heard: boolean;
  subscribe(listener: Listener): () => void;
}

/** Events without listeners yet. */
export function createEvents(log: Log): Events {
  const listeners = new Set<Listener>();
  return {
    emit(event) {
      for (const listener of listeners) {
        try {
          listener(event);
        } catch (error) {
          log.error(`a listener of the archive failed at ${event.type}`, { error });
        }
      }
    },
    get heard() {
      return listeners.size > 0;
    },
    subscribe(listener) {
      // A function of its own for each subscription: the same listener may subscribe twice.
      const subscribed: Listener = (event) => listener(event);
      listeners.add(subscribed);
      return () => listeners.delete(subscribed);
    },
  };
}
