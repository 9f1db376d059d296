import { GoogleError, quotaMessage } from "../http/google-error.ts";
import type { LiveSettings } from "../settings.ts";

/** Counts a request of a project and location; 429 when the minute's quota is used up. */
export type Quota = (project: string, location: string) => void;

interface Bucket {
  tokens: number;
  filled: number;
}

/** A token bucket per project and location, since Google's quotas are per project, region and minute. */
export function createQuota(settings: LiveSettings): Quota {
  const buckets = new Map<string, Bucket>();
  return (project, location) => {
    const { requestsPerMinute, quotaRetryAfter } = settings.current();
    if (requestsPerMinute === 0) return;
    const key = `${project}/${location}`;
    const now = settings.now();
    const bucket = buckets.get(key) ?? { tokens: requestsPerMinute, filled: now };
    buckets.set(key, bucket);
    const earned = ((now - bucket.filled) / 60_000) * requestsPerMinute;
    bucket.tokens = Math.min(requestsPerMinute, bucket.tokens + earned);
    bucket.filled = now;
    if (bucket.tokens < 1) {
      const headers = quotaRetryAfter === 0 ? {} : { "retry-after": String(quotaRetryAfter) };
      throw new GoogleError("RESOURCE_EXHAUSTED", quotaMessage("123456789012"), headers);
    }
    bucket.tokens -= 1;
  };
}
