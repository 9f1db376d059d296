import type { Archive, IngestResult } from "../archive/archive.ts";
import type { ClientResponse } from "../http/client.ts";
import { parseMediaType } from "../http/media-type.ts";
import { readMultipart } from "../http/multipart.ts";
import { ServerError } from "../util/errors.ts";
import { counted } from "./counted.ts";
import type { DicomWebClient } from "./dicomweb-client.ts";
import { ingestParts } from "./ingest-parts.ts";
import { remoteFailure } from "./remote-failure.ts";

export interface RetrieveParts {
  readonly client: DicomWebClient;
  readonly archive: Pick<Archive, "ingest">;
}

/** One WADO-RS request. */
export interface RetrieveRequest {
  readonly server: string;
  /** Below the server's URL. */
  readonly path: string;
  readonly queryArguments: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** An instance that came and is stored. */
export interface ReceivedInstance {
  readonly id: string;
  /** Bytes of all answers' DICOM files so far, this one included. */
  readonly networkSize: number;
}

interface DicomPart {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Retrieves a study, a series or an instance and stores what comes, while it comes. Servers that answer with one bare DICOM file
 * are understood, too.
 * @throws RemoteFailure for a refusal; NetworkProtocol saying how much came when the answer ends too early
 */
export async function* retrieveResource(
  { client, archive }: RetrieveParts,
  request: RetrieveRequest,
): AsyncGenerator<ReceivedInstance, void, void> {
  const { server, path, queryArguments, signal } = request;
  const headers = { ...defaultAccept(client, server, request.headers), ...request.headers };
  const response = await client.send(server, { method: "GET", path, queryArguments, headers, signal });
  if (response.status !== 200) throw await remoteFailure(`WADO-RS of ${path} from "${server}"`, response);
  let networkSize = 0;
  let instances = 0;
  const count = (length: number): void => {
    networkSize += length;
  };
  const ingest = async (part: DicomPart, body: AsyncIterable<Uint8Array>): Promise<IngestResult> => {
    checkPart(server, part);
    const result = await archive.ingest(counted(body, count), { kind: "Plugins" });
    if (result.status === "StorageFull") throw new ServerError("FullStorage");
    return result;
  };
  try {
    for await (const { status, identifiers } of ingestParts(dicomParts(server, response), ingest)) {
      if (status === "FilteredOut") continue;
      instances += 1;
      yield { id: identifiers.Instance, networkSize };
    }
  } catch (error) {
    throw interrupted(error, `${path} from "${server}": ${instances} instances (${networkSize} bytes) came before`);
  } finally {
    await response.discard();
  }
}

/** `transfer-syntax=*` stands outside the quotes, or Google answers 406 (RFC 9110 §12.5.1, PS3.18 §8.7.3.5.2). */
function defaultAccept(
  client: DicomWebClient,
  server: string,
  headers: Readonly<Record<string, string>>,
): Record<string, string> {
  if (Object.keys(headers).some((name) => name.toLowerCase() === "accept")) return {};
  const universal = client.server(server).hasWadoRsUniversalTransferSyntax ? "; transfer-syntax=*" : "";
  return { accept: `multipart/related; type="application/dicom"${universal}` };
}

async function* dicomParts(server: string, response: ClientResponse): AsyncGenerator<DicomPart> {
  const { type, parameters } = parseMediaType(response.headers["content-type"] ?? "");
  const boundary = parameters["boundary"];
  if (type === "multipart/related" && boundary !== undefined) {
    yield* readMultipart(response.body, boundary);
  } else if (type === "application/dicom") {
    yield { headers: { "content-type": type }, body: response.body };
  } else {
    throw new ServerError("NetworkProtocol", `"${server}" answered with ${type}, expected multipart/related of DICOM`);
  }
}

function checkPart(server: string, { headers }: DicomPart): void {
  const { type } = parseMediaType(headers["content-type"] ?? "application/dicom");
  if (type !== "application/dicom") {
    throw new ServerError(
      "NetworkProtocol",
      `a part of the answer of "${server}" is ${type}, expected application/dicom`,
    );
  }
}

/** Says how much came, whatever broke the stream. */
function interrupted(error: unknown, came: string): unknown {
  if (!(error instanceof ServerError)) return error;
  const details = error.details === undefined ? came : `${came}: ${error.details}`;
  // A body that ends too early is BadRequest for a server; for a client it is the network that broke.
  const name = error.errorName === "BadRequest" ? "NetworkProtocol" : error.errorName;
  return new ServerError(name, details, { cause: error });
}
