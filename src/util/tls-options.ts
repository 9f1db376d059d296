import { ServerError } from "./errors.ts";

/** Without them in a list of ciphers, Node.js would switch TLS 1.3 off. */
export const tls13Ciphers: readonly string[] = [
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  "TLS_AES_128_GCM_SHA256",
];

/** By the number that options have; OpenSSL has nothing older than TLS 1.0. */
const versions = ["TLSv1", "TLSv1", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const;

/** The version that the number of an option means, as Node.js names it. Throws `SslInitialization`. */
export function minimumTlsVersion(option: string, number: number): (typeof versions)[number] {
  const version = versions[number];
  if (version === undefined) throw new ServerError("SslInitialization", `${option} must be 0 to 5, but is ${number}`);
  return version;
}

/** Throws `SslInitialization` when a PEM text has no such content. The text itself is not told. */
export function checkPem(option: string, text: string, content: "CERTIFICATE" | "PRIVATE KEY"): void {
  if (new RegExp(`-----BEGIN [A-Z ]*${content}-----`).test(text)) return;
  throw new ServerError("SslInitialization", `${option}: the PEM file has no ${content.toLowerCase()}`);
}
