import { randomUUID } from "node:crypto";
import { ServerError } from "../util/errors.ts";

/** Jobs whose secret headers are remembered; the oldest are forgotten first. */
const capacity = 1000;

const secretName = /auth|cookie|token|secret|password|session|key/i;

/** The HTTP headers of a job, as its saved state has them. */
export interface JobHeaders {
  readonly open: Readonly<Record<string, string>>;
  /** Where the secret ones are, in memory only. */
  readonly secretKey?: string;
}

/** Keeps secrets out of the saved state of jobs (`HttpHeaders` of a request may hold an `Authorization`). */
export interface JobHeaderStore {
  keep(headers: Readonly<Record<string, string>>): JobHeaders;
  /** All headers again; throws BadSequenceOfCalls when the secret ones were lost by a restart. */
  all(headers: JobHeaders): Readonly<Record<string, string>>;
}

/** A store that forgets everything when the server stops. */
export function createJobHeaderStore(): JobHeaderStore {
  const secrets = new Map<string, Readonly<Record<string, string>>>();
  return {
    keep: (headers) => {
      const entries = Object.entries(headers);
      const open = Object.fromEntries(entries.filter(([name]) => !secretName.test(name)));
      const secret = entries.filter(([name]) => secretName.test(name));
      if (secret.length === 0) return { open };
      const secretKey = randomUUID();
      secrets.set(secretKey, Object.fromEntries(secret));
      const [oldest] = secrets.keys();
      if (secrets.size > capacity && oldest !== undefined) secrets.delete(oldest);
      return { open, secretKey };
    },
    all: ({ open, secretKey }) => {
      if (secretKey === undefined) return open;
      const secret = secrets.get(secretKey);
      if (secret === undefined) {
        throw new ServerError(
          "BadSequenceOfCalls",
          "the secret HTTP headers of this job were not kept over a restart of the server: submit a new job",
        );
      }
      return { ...open, ...secret };
    },
  };
}
