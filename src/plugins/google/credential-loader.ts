import { createHash } from "node:crypto";
import { ServerError } from "../../plugin-api.ts";
import type { PluginServer } from "../../plugin-api.ts";
import { googleTokenUri } from "./credential.ts";
import type { Credential } from "./credential.ts";
import { parseCredentialFile } from "./credential-file.ts";
import type { FileOption, Parsed } from "./credential-file.ts";
import { misconfigured } from "./problem.ts";
import type { CredentialSource } from "./settings.ts";

/** What was found, and a mark that changes when the source changes on disk. */
export type Loaded = Parsed<Credential> & { readonly fingerprint: string };

/** Reads the credential anew at each call, so that a replaced file is taken up without a restart. */
export type LoadCredential = () => Promise<Loaded>;

/** The loader for one account's source; it reports problems and never throws. */
export function credentialLoader(
  source: CredentialSource,
  server: Pick<PluginServer, "readText" | "resolvePath">,
): LoadCredential {
  if (source.from === "nowhere") {
    return () => Promise.resolve({ problem: source.problem, fingerprint: source.from });
  }
  if (source.from === "configuration") {
    const { clientId, clientSecret, refreshToken } = source;
    const rest = { tokenUri: googleTokenUri, quotaProject: undefined, account: undefined };
    const credential: Credential = { kind: "authorized-user", clientId, clientSecret, refreshToken, ...rest };
    return () => Promise.resolve({ credential, fingerprint: source.from });
  }
  return () => loadFile(source.from, source.path, server);
}

async function loadFile(
  option: FileOption,
  path: string,
  server: Pick<PluginServer, "readText" | "resolvePath">,
): Promise<Loaded> {
  try {
    const text = await server.readText(server.resolvePath(path));
    const fingerprint = createHash("sha256").update(text).digest("hex");
    return { ...parseCredentialFile(option, path, text), fingerprint };
  } catch (error) {
    const cause = error instanceof ServerError ? (error.details ?? error.message) : "it cannot be read";
    const remedy = "put the file there, readable for the server, or correct the path";
    return { problem: misconfigured("file", `${option} "${path}": ${cause}`, remedy), fingerprint: "unreadable" };
  }
}
