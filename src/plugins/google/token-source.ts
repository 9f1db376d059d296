import { ServerError } from "../../plugin-api.ts";
import type { HttpClient, Log } from "../../plugin-api.ts";
import type { Clock } from "./clock.ts";
import type { LoadCredential } from "./credential-loader.ts";
import type { HeldToken } from "./held-token.ts";
import { problemError, problemLine } from "./problem.ts";
import type { Problem } from "./problem.ts";
import { attemptToken } from "./token-attempt.ts";
import { afterAttempt, afterRejection, freshRecord, isBlocked, usableToken } from "./token-record.ts";
import type { TokenRecord } from "./token-record.ts";

export interface TokenSourceOptions {
  readonly account: string;
  readonly load: LoadCredential;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly log: Log;
  /** Seconds that a token request, or a request waiting for a token, may take. */
  readonly timeout: number;
  /** Seconds between two looks at the state at the longest. */
  readonly refreshInterval: number;
}

/** A store that refuses even new tokens costs at most this many renewals in the period (milliseconds). */
const forcedRenewals = { count: 3, period: 15_000 };

/**
 * One account's access token: obtained at start, renewed in the background ahead of its end, one request at a time.
 * A failing renewal leaves a token that is still valid in use. After a refusal that no retry can heal nothing is
 * asked any more until a person refreshes the account or its credential file changes.
 */
export class TokenSource {
  readonly #options: TokenSourceOptions;
  readonly #stopping = new AbortController();
  #record: TokenRecord = freshRecord;
  #flight: Promise<void> | undefined;
  #cancelTimer = (): void => {};
  /** When tokens were dropped after a 401, lately. */
  #rejections: readonly number[] = [];

  constructor(options: TokenSourceOptions) {
    this.#options = options;
  }

  /** Begins to acquire in the background, and looks after the token from then on. */
  start(): void {
    void this.#renew();
  }

  /** Stops looking after the token and breaks off a running request. */
  close(): void {
    this.#cancelTimer();
    this.#stopping.abort();
  }

  /** What is known now. */
  get record(): TokenRecord {
    return this.#record;
  }

  /**
   * A token that is good for a request now. Without one, waits for a running attempt or the next retry, within the
   * timeout. Throws the account's problem as a `ServerError`, at once where waiting cannot help.
   */
  async token(): Promise<HeldToken> {
    const { clock, timeout } = this.#options;
    const deadline = clock.now() + timeout * 1000;
    for (;;) {
      const now = clock.now();
      const held = usableToken(this.#record, now);
      if (held !== undefined) {
        return held;
      }
      if (now >= deadline || this.#stopping.signal.aborted) {
        throw this.#failure();
      }
      const flight = this.#flight ?? this.#renewIfDue();
      if (flight === undefined && this.#record.dueAt >= deadline) {
        throw this.#failure();
      }
      await this.#waitFor(flight, flight === undefined ? this.#record.dueAt : deadline);
    }
  }

  /**
   * The store answered 401: drops the token, unless that has happened too often lately. `accessToken`: the one that was
   * refused, where known; a token that came since is kept.
   */
  reject(accessToken = this.#record.held?.accessToken): void {
    const { account, clock, log } = this.#options;
    const now = clock.now();
    if (this.#record.held === undefined || this.#record.held.accessToken !== accessToken) {
      return;
    }
    const recent = this.#rejections.filter((time) => now - time < forcedRenewals.period);
    if (recent.length >= forcedRenewals.count) {
      log.info(`Google account "${account}": the store refuses new tokens too; not renewed again for a while`);
      return;
    }
    this.#rejections = [...recent, now];
    this.#record = afterRejection(this.#record);
    log.info(`Google account "${account}": the store refused the token, which is dropped`);
    void this.#renewIfDue();
  }

  /** Asks for a new token now, whatever the state. Returns the problem when none came. */
  async refresh(): Promise<Problem | undefined> {
    await this.#renew();
    return this.#record.problem;
  }

  #failure(): ServerError {
    const { account, timeout } = this.#options;
    const { problem } = this.#record;
    if (problem !== undefined) {
      return problemError(account, problem);
    }
    const reason = this.#stopping.signal.aborted ? "the server is stopping" : `no token within ${timeout} s`;
    return new ServerError("Timeout", `Google account "${account}": ${reason}`);
  }

  #renewIfDue(): Promise<void> | undefined {
    return this.#record.dueAt <= this.#options.clock.now() ? this.#renew() : undefined;
  }

  /** The single flight: whoever comes while an attempt runs shares it. Never rejects. */
  #renew(): Promise<void> {
    this.#flight ??= this.#attempt();
    return this.#flight;
  }

  async #attempt(): Promise<void> {
    const { clock, http, load, timeout } = this.#options;
    const before = this.#record;
    const client = { http, clock, timeout, signal: this.#stopping.signal };
    const attempt = await attemptToken(load, before.knowledge, client);
    this.#flight = undefined;
    if (!this.#stopping.signal.aborted) {
      this.#record = afterAttempt(this.#record, attempt, clock.now(), clock.random());
      this.#report(before);
      this.#schedule();
    }
  }

  async #waitFor(flight: Promise<void> | undefined, until: number): Promise<void> {
    const { clock } = this.#options;
    const elapsed = Promise.withResolvers<void>();
    const cancel = clock.after(until - clock.now(), elapsed.resolve);
    await (flight === undefined ? elapsed.promise : Promise.race([flight, elapsed.promise]));
    cancel();
  }

  #schedule(): void {
    const { clock, refreshInterval } = this.#options;
    const delay = Math.min(this.#record.dueAt - clock.now(), refreshInterval * 1000);
    this.#cancelTimer();
    this.#cancelTimer = clock.after(Math.max(0, delay), () => void this.#look());
  }

  /** What the timer does: renew when due, take up a replaced credential file when blocked. */
  async #look(): Promise<void> {
    if (isBlocked(this.#record) && (await this.#options.load()).fingerprint !== this.#record.triedFingerprint) {
      return this.#renew();
    }
    return this.#stopping.signal.aborted ? undefined : (this.#renewIfDue() ?? this.#schedule());
  }

  /** Each problem once, not at every retry. */
  #report(before: TokenRecord): void {
    const { account, log } = this.#options;
    const { problem, held } = this.#record;
    if (problem === undefined) {
      const until = new Date(held?.expiresAt ?? 0).toISOString();
      const news = before.problem === undefined ? "has a token" : "has a token again";
      log.info(`Google account "${account}" ${news}, valid until ${until}`);
    } else if (before.problem === undefined || subject(before.problem) !== subject(problem)) {
      log[problem.state === "retrying" ? "warn" : "error"](problemLine(account, problem));
    }
  }
}

function subject(problem: Problem): string {
  return problem.state === "retrying" ? `${problem.state} ${problem.layer}` : problem.reason;
}
