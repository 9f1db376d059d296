import type { ClientResponse } from "../../http/client.ts";
import { readMultipart } from "../../http/multipart.ts";
import type { DicomWebClient, DicomWebRequest } from "../dicomweb-client.ts";
import { parseDicomWebServer } from "../dicomweb-server-definition.ts";
import { ServerError } from "../../util/errors.ts";

/** A scripted answer: its body is text or, for retrievals, chunks (an error among them breaks the connection). */
export interface FakeAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | readonly (string | Buffer | Error)[];
}

export interface SeenRequest extends DicomWebRequest {
  /** The bodies of the parts of a multipart request. */
  readonly parts: readonly string[];
}

/** A DICOMweb server called `pacs` that answers what `answer` says, and remembers what it was asked. */
export function fakeRemote(
  answer: (request: SeenRequest) => FakeAnswer,
  definition: object = {},
): DicomWebClient & { readonly seen: SeenRequest[] } {
  const server = parseDicomWebServer("pacs", { Url: "http://pacs/v1/projects/p/dicomWeb/", ...definition });
  const seen: SeenRequest[] = [];
  const send = async (name: string, request: DicomWebRequest): Promise<ClientResponse> => {
    request.signal?.throwIfAborted();
    if (name !== "pacs") throw new ServerError("UnknownResource");
    const asked = { ...request, parts: await partsOf(request) };
    seen.push(asked);
    return response(answer(asked));
  };
  return {
    seen,
    server: () => server,
    send,
    get: async (name, url) => await send(name, { method: "GET", path: url }),
  };
}

async function partsOf({ headers = {}, body }: DicomWebRequest): Promise<readonly string[]> {
  if (typeof body !== "function") return [];
  const boundary = /boundary=(\S+)/.exec(headers["content-type"] ?? "")?.[1] ?? "";
  const parts: string[] = [];
  for await (const part of readMultipart(buffers(body()), boundary)) {
    parts.push(Buffer.concat(await Array.fromAsync(part.body)).toString());
  }
  return parts;
}

async function* buffers(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void, void> {
  for await (const chunk of source) yield Buffer.from(chunk);
}

function response({ status, headers = {}, body = "" }: FakeAnswer): ClientResponse {
  const chunks = typeof body === "string" ? [body] : body;
  async function* stream(): AsyncGenerator<Buffer, void, void> {
    for (const chunk of chunks) {
      if (chunk instanceof Error) throw chunk;
      yield Buffer.from(chunk);
    }
  }
  const whole = async (): Promise<Buffer> => Buffer.concat(await Array.fromAsync(stream()));
  return {
    status,
    headers,
    body: stream(),
    bytes: whole,
    text: async () => (await whole()).toString(),
    discard: async () => {},
  };
}
