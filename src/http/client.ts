import type { Credentials } from "./credentials.ts";

/** Options of every outgoing HTTP request of the server (`HttpTimeout`, `HttpsCACertificates`, `HttpsVerifyPeers`, `HttpProxy`, `HttpVerbose`). */
export interface HttpClientOptions {
  /** Seconds without any progress before a request fails; 0 = never. */
  readonly timeout: number;
  readonly verifyPeers: boolean;
  /** PEM text of trusted authorities; undefined: the system's. */
  readonly certificateAuthorities: string | undefined;
  /** `http://user:password@host:port`; undefined: none. */
  readonly proxy: string | undefined;
  readonly verbose: boolean;
}

/** Things that one remote server sets for itself. */
export interface ConnectionOptions {
  readonly timeout?: number;
  readonly clientCertificate?: { readonly certificate: string; readonly key: string; readonly passphrase?: string };
}

/** A body that can be sent again after a 401: text and bytes as they are, a stream as a function that starts it anew. */
export type OutgoingBody = string | Uint8Array | (() => AsyncIterable<Uint8Array>);

export interface ClientRequest {
  readonly method: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: OutgoingBody;
  /** Known size of a streamed body; chunked otherwise. */
  readonly contentLength?: number;
  readonly credentials?: Credentials;
  readonly signal?: AbortSignal;
  readonly connection?: ConnectionOptions;
}

export interface ClientResponse {
  readonly status: number;
  /** Names in lower case; repeated ones joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** Must be consumed or `discard()`ed. */
  readonly body: AsyncIterable<Buffer>;
  /** The whole body, at most `limit` bytes (else NetworkProtocol). */
  bytes(limit?: number): Promise<Buffer>;
  text(limit?: number): Promise<string>;
  discard(): Promise<void>;
}

/** The one door for outgoing HTTP. Network failures throw `ServerError("NetworkProtocol" | "Timeout")` naming host and layer. */
export interface HttpClient {
  request(request: ClientRequest): Promise<ClientResponse>;
  close(): Promise<void>;
}
