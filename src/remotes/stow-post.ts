import type { Archive } from "../archive/archive.ts";
import { dicomAttachment } from "../archive/metadata-numbers.ts";
import type { ClientResponse } from "../http/client.ts";
import { newBoundary, writeMultipart, type OutgoingPart } from "../http/multipart.ts";
import { ServerError } from "../util/errors.ts";
import type { DicomWebClient } from "./dicomweb-client.ts";
import { errorMessage, RemoteFailure } from "./remote-failure.ts";
import { parseStowAnswer, type StowAnswer } from "./stow-answer.ts";
import { readStowDataset } from "./stow-answer-body.ts";
import { counted } from "./counted.ts";
import type { OutgoingInstance } from "./stow-outcome.ts";

/** Bytes of an answer that are read at most: some 300 bytes per instance are usual. */
const answerLimit = 16 * 1024 * 1024;

const partHeaders = { "Content-Type": "application/dicom" };

export interface StowPostParts {
  readonly client: DicomWebClient;
  readonly archive: Pick<Archive, "open">;
}

export interface StowPost {
  readonly server: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly instances: readonly OutgoingInstance[];
  readonly signal: AbortSignal;
  /** Told the bytes of each piece of a file as it goes out. */
  readonly onSent?: (bytes: number) => void;
}

/**
 * Sends instances in one `POST studies`, the stored bytes as they are, streamed.
 * @throws RemoteFailure when the server refuses the request as a whole; what went wrong with reading the archive as it is
 */
export async function postInstances(parts: StowPostParts, post: StowPost): Promise<StowAnswer> {
  const { server, instances } = post;
  if (instances.length === 0) return { storedCount: 0, storedUids: new Set(), failures: [] };
  const boundary = newBoundary();
  const { chunkedTransfers } = parts.client.server(server);
  const response = await parts.client.send(server, {
    method: "POST",
    path: "studies",
    headers: {
      accept: "application/dicom+json",
      ...post.headers,
      "content-type": `multipart/related; type="application/dicom"; boundary=${boundary}`,
    },
    body: () => writeMultipart(dicomParts(parts.archive, post), boundary),
    ...(chunkedTransfers ? {} : { contentLength: await multipartLength(instances, boundary) }),
    signal: post.signal,
  });
  return await answerOf(server, response);
}

async function* dicomParts(
  archive: Pick<Archive, "open">,
  { instances, onSent }: StowPost,
): AsyncGenerator<OutgoingPart, void, void> {
  for (const { id } of instances) {
    const file = await archive.open(id, dicomAttachment);
    if (file === undefined) throw new ServerError("UnknownResource", `the instance ${id} went away while it was sent`);
    yield { headers: partHeaders, body: onSent === undefined ? file.stream : counted(file.stream, onSent) };
  }
}

/** Bytes of the whole body: what stands between the files is the same for empty ones. */
async function multipartLength(instances: readonly OutgoingInstance[], boundary: string): Promise<number> {
  let length = 0;
  const empty = instances.map(() => ({ headers: partHeaders, body: new Uint8Array() }));
  for await (const chunk of writeMultipart(empty, boundary)) length += chunk.length;
  return instances.reduce((sum, { size }) => sum + size, length);
}

/** Servers answer with a list under 200, 202, 409 (Google: not all stored) and even 400 (all failed). */
async function answerOf(server: string, response: ClientResponse): Promise<StowAnswer> {
  const body = await response.text(answerLimit);
  const answer = parseStowAnswer(readStowDataset(body));
  if (answer !== undefined && response.status < 500) return answer;
  if (response.status === 411) {
    throw new RemoteFailure(`"${server}" wants a Content-Length: set its "ChunkedTransfers" to false`, response);
  }
  const message = response.status < 300 ? "the list of the instances that were stored is missing" : errorMessage(body);
  const said = message === "" ? "" : `: ${message}`;
  throw new RemoteFailure(`STOW-RS to "${server}": HTTP status ${response.status}${said}`, response);
}
