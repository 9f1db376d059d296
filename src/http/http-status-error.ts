/** Ends a request with a bare status that is not in the error table, e.g. 411 and 413, as Orthanc does: empty body. */
export class HttpStatusError extends Error {
  override readonly name = "HttpStatusError";
  readonly status: number;

  constructor(status: number) {
    super(`HTTP status ${status}`);
    this.status = status;
  }
}
