import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { parseCredentialFile } from "./credential-file.ts";
import type { FileOption } from "./credential-file.ts";
import { applicationDefaultFile, oldGcloudFile, serviceAccountFile } from "./test/sample-credentials.ts";

function parse(option: FileOption, file: unknown): ReturnType<typeof parseCredentialFile> {
  return parseCredentialFile(option, "key.json", typeof file === "string" ? file : JSON.stringify(file));
}

function problemOf(option: FileOption, file: unknown): { layer: string; reason: string; remedy: string } {
  const parsed = parse(option, file);
  if (!("problem" in parsed)) {
    throw new Error("expected a problem");
  }
  return parsed.problem;
}

describe("credential files", () => {
  it("reads a service account's key", () => {
    expect(parse("ServiceAccountFile", serviceAccountFile)).toMatchObject({
      credential: {
        kind: "service-account",
        clientEmail: serviceAccountFile.client_email,
        privateKeyId: "4f6c2d",
        tokenUri: "https://oauth2.googleapis.com/token",
      },
    });
  });

  it("needs of it only private_key and client_email, also with line ends spelled out", () => {
    const private_key = serviceAccountFile.private_key.replaceAll("\n", "\\n");
    const parsed = parse("ServiceAccountFile", { private_key, client_email: "a@b" });
    expect(parsed).toMatchObject({
      credential: { clientEmail: "a@b", tokenUri: "https://oauth2.googleapis.com/token", privateKeyId: undefined },
    });
  });

  it("reads today's application default credentials", () => {
    expect(parse("AuthorizedUserFile", applicationDefaultFile)).toEqual({
      credential: {
        kind: "authorized-user",
        clientId: applicationDefaultFile.client_id,
        clientSecret: applicationDefaultFile.client_secret,
        refreshToken: applicationDefaultFile.refresh_token,
        tokenUri: "https://oauth2.googleapis.com/token",
        quotaProject: "harbour-billing",
        account: "reader@harbour.example",
      },
    });
  });

  it("reads gcloud's old output, which has no type, with its own token_uri", () => {
    expect(parse("AuthorizedUserFile", oldGcloudFile)).toMatchObject({
      credential: { refreshToken: oldGcloudFile.refresh_token, tokenUri: "https://www.googleapis.com/oauth2/v4/token" },
    });
  });

  const edKey = generateKeyPairSync("ed25519", {
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  }).privateKey;

  it.each<[FileOption, unknown, string, string]>([
    ["AuthorizedUserFile", { token: "ya29.SECRET" }, "bare access token", "gcloud auth application-default login"],
    ["ServiceAccountFile", { token: "ya29.SECRET" }, "bare access token", "create a key"],
    ["AuthorizedUserFile", serviceAccountFile, "a service account's key", "ServiceAccountFile instead"],
    ["ServiceAccountFile", applicationDefaultFile, "a user's credentials", "AuthorizedUserFile instead"],
    ["ServiceAccountFile", oldGcloudFile, "a user's credentials", "AuthorizedUserFile instead"],
    ["ServiceAccountFile", { type: "external_account" }, "a federated", "not supported"],
    ["AuthorizedUserFile", { type: "impersonated_service_account" }, "delegated identity", "not supported"],
    ["AuthorizedUserFile", { installed: { client_id: "x" } }, "an OAuth client's definition", "gcloud auth"],
    ["ServiceAccountFile", "{ private_key: SECRET", "is not a JSON object", "create a key"],
    ["AuthorizedUserFile", "[]", "is not a JSON object", "gcloud auth"],
    ["ServiceAccountFile", { type: "service_account" }, "has no client_email, no private_key", "create a key"],
    ["AuthorizedUserFile", { client_id: "a", refresh_token: "SECRET" }, "has no client_secret", "gcloud auth"],
    ["ServiceAccountFile", { ...serviceAccountFile, private_key: "SECRET" }, "no RSA private key", "create a key"],
    ["ServiceAccountFile", { ...serviceAccountFile, private_key: edKey }, "no RSA private key", "create a key"],
    ["ServiceAccountFile", { ...serviceAccountFile, token_uri: "" }, "token_uri", "correct or remove"],
    ["ServiceAccountFile", { ...serviceAccountFile, token_uri: "file:///x" }, "token_uri", "correct or remove"],
  ])("explains under %s the file %j", (option, file, reason, remedy) => {
    const problem = problemOf(option, file);
    expect(problem.reason).toContain(reason);
    expect(problem.reason).toContain(`${option} "key.json"`);
    expect(problem.remedy).toContain(remedy);
    expect(JSON.stringify(problem)).not.toContain("SECRET");
  });
});
