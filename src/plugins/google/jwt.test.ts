import { verify } from "node:crypto";
import { expect, it } from "vitest";
import { signAssertion } from "./jwt.ts";
import { decodeJwt, publicKey, serviceAccount, serviceAccountFile } from "./test/sample-credentials.ts";

const noon = Date.parse("2026-11-22T12:00:00.900Z");

it("signs the claims that Google asks for, with RS256", () => {
  if (serviceAccount.kind !== "service-account") {
    throw new Error("expected a service account");
  }
  const tokenUri = "https://token.example:8443/token";
  const { header, claims, signed, signature } = decodeJwt(signAssertion({ ...serviceAccount, tokenUri }, noon));
  expect(header).toEqual({ alg: "RS256", typ: "JWT", kid: "4f6c2d" });
  expect(claims).toEqual({
    iss: serviceAccountFile.client_email,
    scope: "https://www.googleapis.com/auth/cloud-platform",
    aud: tokenUri,
    iat: 1795348800,
    exp: 1795352400,
  });
  expect(verify("RSA-SHA256", Buffer.from(signed), publicKey, signature)).toBe(true);
});

it("leaves out the key's id when the file has none", () => {
  if (serviceAccount.kind !== "service-account") {
    throw new Error("expected a service account");
  }
  const { header } = decodeJwt(signAssertion({ ...serviceAccount, privateKeyId: undefined }, noon));
  expect(header).toEqual({ alg: "RS256", typ: "JWT" });
});
