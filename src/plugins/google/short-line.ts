const longest = 240;

/** Assertions (compact JWTs) and Google's access tokens. */
const tokenLike = /\beyJ[\w-]+\.[\w.-]+|\bya29\.[\w.-]+/g;

/** Text of a remote server made fit for one line of a log: no control characters, no secrets, cut to a bearable length. */
export function shortLine(text: string, secrets: readonly string[] = []): string {
  const clean = secrets.reduce((line, secret) => line.replaceAll(secret, "***"), text).replace(tokenLike, "***");
  const line = clean.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}
