import type {
  Association,
  IncomingRequest,
  IncomingResponse,
  OutgoingRequest,
  OutgoingResponse,
  PresentationContext,
  RequestHandler,
} from "../../src/dimse/association.ts";
import type { CommandSet } from "../../src/dimse/command-set.ts";

export interface FakeRequest {
  readonly abstractSyntax?: string;
  readonly transferSyntaxUID?: string;
  readonly command?: Partial<CommandSet>;
  /** In pieces, as it comes. */
  readonly dataset?: readonly Buffer[] | AsyncIterable<Buffer>;
  readonly association?: Partial<Association>;
  readonly signal?: AbortSignal;
}

/** The context of a request in which nothing was negotiated but its syntaxes. */
export function presentationContext(
  abstractSyntax: string,
  transferSyntaxUID = "1.2.840.10008.1.2.1",
  more: Partial<PresentationContext> = {},
): PresentationContext {
  return { id: 1, abstractSyntax, transferSyntaxUID, requestorIsSCU: true, requestorIsSCP: false, ...more };
}

/** A request of "REMOTE" to "GREYHAVEN" over an association that is nowhere. */
export function fakeRequest(request: FakeRequest = {}): IncomingRequest {
  const { abstractSyntax = "1.2.840.10008.1.1", transferSyntaxUID, command, dataset, signal } = request;
  const context = presentationContext(abstractSyntax, transferSyntaxUID);
  const chunks = dataset === undefined || Symbol.asyncIterator in dataset ? dataset : inPieces(dataset);
  return {
    association: fakeAssociation({ contexts: [context], ...request.association }),
    context,
    command: { CommandField: 0, CommandDataSetType: 0x0101, MessageID: 7, ...command },
    dataset: chunks,
    signal: signal ?? new AbortController().signal,
  };
}

export function fakeAssociation(more: Partial<Association> = {}): Association {
  return {
    side: "acceptor",
    callingAet: "REMOTE",
    calledAet: "GREYHAVEN",
    remoteIp: "192.0.2.1",
    contexts: [],
    peerImplementation: { classUid: "1.2.3", versionName: "PEER" },
    userIdentity: undefined,
    isOpen: true,
    request: refuseRequests,
    release: () => Promise.resolve(),
    abort: () => {},
    ended: new Promise(() => {}),
    ...more,
  };
}

function refuseRequests(request: OutgoingRequest): AsyncIterable<IncomingResponse> {
  throw new Error(`the test expects no request ${request.command.CommandField}`);
}

async function* inPieces(pieces: readonly Buffer[]): AsyncGenerator<Buffer, void, void> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}

/** All that a handler answers, one by one. */
export async function responsesOf(handle: RequestHandler, request: IncomingRequest): Promise<OutgoingResponse[]> {
  const responses: OutgoingResponse[] = [];
  for await (const { datasets, ...response } of handle(request)) {
    if (datasets === undefined) responses.push(response);
    else for (const dataset of datasets) responses.push({ ...response, dataset });
  }
  return responses;
}

export async function statusesOf(handle: RequestHandler, request: IncomingRequest): Promise<number[]> {
  return (await responsesOf(handle, request)).map(({ command }) => command.Status);
}
