import type { ClientRequest, ClientResponse, HttpClient } from "../../../plugin-api.ts";
import { ServerError } from "../../../plugin-api.ts";

export interface Answer {
  /** 200 when absent. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON. */
  readonly body?: string | object;
}

export type Script = (request: ClientRequest, sentHeaders: Record<string, string>) => Answer | Promise<Answer>;

/** A network of one scripted server: keeps what was sent, and replays once after a 401 as the real client does. */
export class ScriptedHttp implements HttpClient {
  readonly sent: { readonly request: ClientRequest; readonly headers: Record<string, string> }[] = [];
  script: Script;

  constructor(script: Script) {
    this.script = script;
  }

  /** Forms posted so far. */
  forms(): URLSearchParams[] {
    return this.sent
      .filter(({ request }) => request.method === "POST")
      .map(({ request }) => new URLSearchParams(typeof request.body === "string" ? request.body : ""));
  }

  async request(request: ClientRequest): Promise<ClientResponse> {
    const first = await this.#send(request);
    if (first.response.status !== 401 || request.credentials === undefined) {
      return first.response;
    }
    request.credentials.rejected?.(first.given);
    return (await this.#send(request)).response;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #send(request: ClientRequest): Promise<{ response: ClientResponse; given: Record<string, string> }> {
    const outgoing = { method: request.method, url: new URL(request.url), headers: request.headers ?? {} };
    const given = (await request.credentials?.headers(outgoing)) ?? {};
    const headers = { ...request.headers, ...given };
    this.sent.push({ request, headers });
    return { response: response(await this.script(request, headers)), given };
  }
}

/** A script that answers only when the request is given up. */
export function stall({ signal }: ClientRequest): Promise<Answer> {
  return new Promise((_resolve, reject) => {
    const giveUp = (): void => reject(new ServerError("NetworkProtocol", "given up"));
    signal?.addEventListener("abort", giveUp);
    if (signal?.aborted === true) {
      giveUp();
    }
  });
}

/** An error as the real client throws it. */
export function networkError(layer: string, details: string): ServerError {
  return Object.assign(new ServerError("NetworkProtocol", details), { layer });
}

function response({ status = 200, headers = {}, body = "" }: Answer): ClientResponse {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return {
    status,
    headers,
    body: (async function* () {
      yield Buffer.from(text);
    })(),
    bytes: () => Promise.resolve(Buffer.from(text)),
    text: () => Promise.resolve(text),
    discard: () => Promise.resolve(),
  };
}
