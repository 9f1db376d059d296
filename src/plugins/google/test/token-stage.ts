import { ServerError } from "../../../plugin-api.ts";
import type { Log } from "../../../plugin-api.ts";
import type { Credential } from "../credential.ts";
import type { Loaded } from "../credential-loader.ts";
import { stateOf } from "../token-record.ts";
import { TokenSource } from "../token-source.ts";
import { FakeClock } from "./fake-clock.ts";
import { ScriptedHttp } from "./scripted-http.ts";
import type { Answer, Script } from "./scripted-http.ts";

/** One token source on a standing clock and a scripted network. */
export interface TokenStage {
  readonly clock: FakeClock;
  readonly http: ScriptedHttp;
  readonly source: TokenSource;
  readonly lines: string[];
  /** What the credential's file holds. */
  loaded: Loaded;
  state(): string;
}

const stages: TokenStage[] = [];

export function tokenStage(credential: Credential, script: Script): TokenStage {
  const clock = new FakeClock();
  const http = new ScriptedHttp(script);
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  const log: Log = { error: write, warn: write, info: write, trace: () => {} };
  const load = (): Promise<Loaded> => Promise.resolve(result.loaded);
  const source = new TokenSource({ account: "sea", load, http, clock, log, timeout: 60, refreshInterval: 60 });
  const result: TokenStage = {
    clock,
    http,
    source,
    lines,
    loaded: { credential, fingerprint: "first" },
    state: () => stateOf(source.record, clock.now()),
  };
  stages.push(result);
  return result;
}

export function closeTokenStages(): void {
  for (const { source } of stages.splice(0)) {
    source.close();
  }
}

/** Tokens t1, t2, … of that many seconds. */
export function tokens(lifetime: unknown, more: object = {}): () => Answer {
  let count = 0;
  return () => ({ body: { access_token: `t${++count}`, expires_in: lifetime, token_type: "Bearer", ...more } });
}

/** What `source.token()` gives, without its times. */
export async function token({ source }: TokenStage): Promise<string> {
  return (await source.token()).accessToken;
}

/** The error that a promise ends with. */
export async function failure(promise: Promise<unknown>): Promise<ServerError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ServerError) {
      return error;
    }
  }
  throw new Error("expected a ServerError");
}
