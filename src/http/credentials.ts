/** A request about to be sent, as a credential may need it for signing. */
export interface OutgoingRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

/** Asked once per request, so that a renewed token is used at once and nothing is stored. */
export interface Credentials {
  headers(request: OutgoingRequest): Promise<Record<string, string>>;
  /**
   * The server answered 401: drop what was given. The client then replays the request once.
   * `given`: what `headers` returned for that request, so that a token that came since is not dropped.
   */
  rejected?(given?: Readonly<Record<string, string>>): void;
}
