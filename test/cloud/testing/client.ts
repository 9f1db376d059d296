import { createPrivateKey, sign } from "node:crypto";
import { request, type Agent, type RequestOptions } from "node:https";
import type { IncomingHttpHeaders } from "node:http";
import type { Emulator } from "../emulator.ts";
import type { AuthorizedUserFile, ServiceAccountKeyFile } from "../oauth/accounts.ts";

/** An answer as it came. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  /** The body as text. */
  readonly text: string;
}

export interface Call {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer | AsyncIterable<Buffer>;
  readonly agent?: Agent;
  readonly signal?: AbortSignal;
}

/** Where an emulator is, and what to trust. */
export type Address = Pick<Emulator, "url" | "certificateAuthority">;

/** Sends one request to the emulator, trusting its authority only. Rejects when the connection breaks. */
export function call(emulator: Address, path: string, { body, method, ...options }: Call = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const settings: RequestOptions = {
      ...options,
      method: method ?? (body === undefined ? "GET" : "POST"),
      ca: emulator.certificateAuthority,
      agent: options.agent ?? false,
    };
    const outgoing = request(new URL(path, emulator.url), settings, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.once("error", reject);
      incoming.once("end", () => {
        const bytes = Buffer.concat(chunks);
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, bytes, text: bytes.toString("utf8") });
      });
    });
    outgoing.once("error", reject);
    void send(outgoing, body);
  });
}

async function send(outgoing: NodeJS.WritableStream, body: Call["body"]): Promise<void> {
  if (body !== undefined && typeof body !== "string" && !Buffer.isBuffer(body)) {
    for await (const chunk of body) outgoing.write(chunk);
    outgoing.end();
  } else if (body === undefined) outgoing.end();
  else outgoing.end(body);
}

export function jsonOf(answer: Answer): unknown {
  return JSON.parse(answer.text);
}

/** Claims of an assertion that are unlike a good one's; undefined leaves one out. */
export type Claims = Readonly<Record<string, unknown>>;

/** A signed assertion for `account`, good except for `claims` and `header`. */
export function assertionOf(account: ServiceAccountKeyFile, claims: Claims = {}, header: Claims = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const good = {
    iss: account.client_email,
    scope: "https://www.googleapis.com/auth/cloud-platform",
    aud: account.token_uri,
    iat: now,
    exp: now + 3600,
  };
  const parts = [
    { alg: "RS256", typ: "JWT", kid: account.private_key_id, ...header },
    { ...good, ...claims },
  ];
  const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  const signature = sign("RSA-SHA256", Buffer.from(signed), createPrivateKey(account.private_key));
  return `${signed}.${signature.toString("base64url")}`;
}

/** Posts a form to the token endpoint. */
export function postForm(emulator: Address, form: Readonly<Record<string, string>>): Promise<Answer> {
  return call(emulator, "/token", {
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(form).toString(),
  });
}

export function postAssertion(emulator: Address, assertion: string): Promise<Answer> {
  return postForm(emulator, { grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion });
}

export function postRefresh(
  emulator: Address,
  user: AuthorizedUserFile,
  changes: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const { client_id, client_secret, refresh_token } = user;
  return postForm(emulator, { grant_type: "refresh_token", client_id, client_secret, refresh_token, ...changes });
}

/** A good token for `account`. */
export async function obtainToken(emulator: Address, account: ServiceAccountKeyFile): Promise<string> {
  const answer = await postAssertion(emulator, assertionOf(account));
  const token = (jsonOf(answer) as { access_token?: unknown }).access_token;
  if (typeof token !== "string") throw new Error(`no token: ${answer.text}`);
  return token;
}
