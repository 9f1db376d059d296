import { createHash, timingSafeEqual } from "node:crypto";

/** What an `Authorization: Basic` header says; undefined for anything else (RFC 7617). */
export interface BasicCredentials {
  readonly username: string;
  /** `user:password` as bytes. */
  readonly pair: Buffer;
}

export function parseBasicCredentials(header: string | undefined): BasicCredentials | undefined {
  if (header === undefined || !/^basic /i.test(header)) return undefined;
  const pair = Buffer.from(header.slice(6).trim(), "base64");
  const colon = pair.indexOf(":");
  return colon < 0 ? undefined : { username: pair.toString("utf8", 0, colon), pair };
}

/** Tells whether credentials belong to one of `users` (name → password), in a time that does not depend on how much of them is right. */
export function createAuthenticator(
  users: Readonly<Record<string, string>>,
): (credentials: BasicCredentials | undefined) => boolean {
  const known = Object.entries(users).map(([name, password]) => digest(Buffer.from(`${name}:${password}`)));
  return (credentials) => {
    if (credentials === undefined) return false;
    const given = digest(credentials.pair);
    // Every user is compared, found or not.
    return known.filter((expected) => timingSafeEqual(expected, given)).length > 0;
  };
}

function digest(bytes: Buffer): Buffer {
  return createHash("sha256").update(bytes).digest();
}
