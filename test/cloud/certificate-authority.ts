import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";
import { isIP } from "node:net";
import {
  bitString,
  boolean,
  explicit,
  implicit,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  set,
  utcTime,
  utf8String,
} from "./der.ts";

/** What an HTTPS server needs, and what its clients need to trust it. All are PEM texts. */
export interface ServerCertificate {
  readonly certificateAuthority: string;
  readonly certificate: string;
  readonly privateKey: string;
}

interface Subject {
  readonly name: string;
  readonly publicKey: KeyObject;
}

const day = 86_400_000;
const ecdsaWithSha256 = sequence(objectIdentifier("1.2.840.10045.4.3.2"));

/** A new certificate authority and a certificate of it for `hosts` (names or addresses), valid for a year from yesterday. */
export function createServerCertificate(hosts: readonly string[]): ServerCertificate {
  const authorityKeys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const serverKeys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const authority: Subject = { name: "Greyhaven emulator CA", publicKey: authorityKeys.publicKey };
  const server: Subject = { name: hosts[0] ?? "localhost", publicKey: serverKeys.publicKey };
  return {
    certificateAuthority: certificate(authority, authority, authorityKeys.privateKey, authorityExtensions),
    certificate: certificate(server, authority, authorityKeys.privateKey, serverExtensions(hosts)),
    privateKey: serverKeys.privateKey.export({ type: "pkcs8", format: "pem" }),
  };
}

function certificate(subject: Subject, issuer: Subject, issuerKey: KeyObject, extensions: readonly Buffer[]): string {
  const now = Date.now();
  const toBeSigned = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(serialNumber()),
    ecdsaWithSha256,
    distinguishedName(issuer.name),
    sequence(utcTime(new Date(now - day)), utcTime(new Date(now + 365 * day))),
    distinguishedName(subject.name),
    subject.publicKey.export({ type: "spki", format: "der" }),
    explicit(
      3,
      sequence(
        ...extensions,
        extension("2.5.29.14", octetString(keyIdentifier(subject))),
        extension("2.5.29.35", sequence(implicit(0, keyIdentifier(issuer)))),
      ),
    ),
  );
  const signature = sign("sha256", toBeSigned, issuerKey);
  return pem(sequence(toBeSigned, ecdsaWithSha256, bitString(signature)));
}

/** Not zero and without a leading zero byte (RFC 5280 §4.1.2.2 wants it positive). */
function serialNumber(): Buffer {
  const bytes = randomBytes(16);
  bytes.writeUInt8((bytes.readUInt8(0) & 0x3f) | 0x40, 0);
  return bytes;
}

function distinguishedName(commonName: string): Buffer {
  return sequence(set(sequence(objectIdentifier("2.5.4.3"), utf8String(commonName))));
}

function keyIdentifier(subject: Subject): Buffer {
  return createHash("sha1")
    .update(subject.publicKey.export({ type: "spki", format: "der" }))
    .digest();
}

function extension(identifier: string, value: Buffer, critical = false): Buffer {
  return sequence(objectIdentifier(identifier), ...(critical ? [boolean(true)] : []), octetString(value));
}

const authorityExtensions = [
  extension("2.5.29.19", sequence(boolean(true)), true),
  // keyCertSign and cRLSign: bits 5 and 6.
  extension("2.5.29.15", bitString(Buffer.from([0x06]), 1), true),
];

function serverExtensions(hosts: readonly string[]): Buffer[] {
  return [
    extension("2.5.29.19", sequence(), true),
    // digitalSignature: bit 0.
    extension("2.5.29.15", bitString(Buffer.from([0x80]), 7), true),
    // id-kp-serverAuth
    extension("2.5.29.37", sequence(objectIdentifier("1.3.6.1.5.5.7.3.1"))),
    extension("2.5.29.17", sequence(...hosts.map(subjectAlternativeName))),
  ];
}

/** dNSName is `[2]`, iPAddress is `[7]` (RFC 5280 §4.2.1.6). Of IPv6 only `::1` is ever asked for. */
function subjectAlternativeName(host: string): Buffer {
  const family = isIP(host);
  if (family === 0) return implicit(2, Buffer.from(host, "ascii"));
  if (family === 4) return implicit(7, Buffer.from(host.split(".").map(Number)));
  return implicit(7, Buffer.concat([Buffer.alloc(15), Buffer.from([1])]));
}

function pem(certificate: Buffer): string {
  const lines = certificate.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
