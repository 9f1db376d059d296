import { ServerError } from "../../plugin-api.ts";
import type { ErrorName } from "../../plugin-api.ts";

/** What a request to the cloud passes through, in order; `check` names the first that fails. */
export const layers = ["file", "key", "clock", "dns", "connection", "tls", "token", "permission", "store"] as const;
export type Layer = (typeof layers)[number];

/** `retrying` heals by itself; the two others wait for a person or for a changed file. */
export type ProblemState = "retrying" | "needs-reauth" | "misconfigured";

/** What stands in the way, in one line each, never with a secret. */
export interface Obstacle {
  readonly layer: Layer;
  /** What was wrong and where: the option, the file, the host. */
  readonly reason: string;
  /** What a person can do. */
  readonly remedy: string;
}

/** Why an account has no (new) token. */
export interface Problem extends Obstacle {
  readonly state: ProblemState;
  /** Milliseconds the server asked us to wait. */
  readonly retryAfter?: number;
}

/** A problem that only a change of the configuration, a file or the cloud's side removes. */
export function misconfigured(layer: Layer, reason: string, remedy: string): Problem {
  return { state: "misconfigured", layer, reason, remedy };
}

/** The line for the log and for clients: account, what is wrong, what to do. */
export function problemLine(account: string, problem: Problem): string {
  return `Google account "${account}" is ${problem.state} (${problem.layer}): ${problem.reason}; ${problem.remedy}`;
}

const errorNames: Record<ProblemState, ErrorName> = {
  retrying: "NetworkProtocol",
  "needs-reauth": "ForbiddenAccess",
  misconfigured: "BadRequest",
};

/** The error for a client that needs this account now. */
export function problemError(account: string, problem: Problem): ServerError {
  return new ServerError(errorNames[problem.state], problemLine(account, problem));
}
