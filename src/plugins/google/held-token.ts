/** An access token in memory. Times in milliseconds since 1970 by our clock. */
export interface HeldToken {
  readonly accessToken: string;
  readonly quotaProject: string | undefined;
  readonly expiresAt: number;
  /** From here on it is renewed in the background. */
  readonly renewAt: number;
  /** From here on it is not handed out any more: it could expire on its way. */
  readonly usableUntil: number;
}

const renewAhead = 300_000;
const longestMargin = 30_000;

/**
 * The three times of a token asked for at `sentAt` that lives for `lifetime` seconds: renewal 5 minutes ahead of its
 * end, but not before 80 % of its life; a margin of 10 % of its life at its end, at most 30 s.
 */
export function tokenTimes(sentAt: number, lifetime: number): Pick<HeldToken, "expiresAt" | "renewAt" | "usableUntil"> {
  const life = lifetime * 1000;
  return {
    expiresAt: sentAt + life,
    renewAt: sentAt + Math.max(life * 0.8, life - renewAhead),
    usableUntil: sentAt + life - Math.min(longestMargin, life * 0.1),
  };
}
