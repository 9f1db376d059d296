import type { Association, IncomingRequest, OutgoingResponse, RequestHandler } from "../../src/dimse/association.ts";
import { listen } from "../../src/dimse/listen-on-port.ts";
import { noLog } from "../../src/util/log.ts";

/** A DICOM server of this test, which answers what the test says, when it says so. */
export interface GatedScp {
  readonly port: number;
  /** Requests that came, in their order. */
  readonly requests: readonly IncomingRequest[];
  /** Associations of these requests, each once. */
  associations(): readonly Association[];
  /** Resolves when the request with this number, from 0, has come. */
  came(index: number): Promise<IncomingRequest>;
  close(): Promise<void>;
}

/** What is answered to the request with this number, from 0. */
export type Answer = (request: IncomingRequest, index: number) => AsyncIterable<OutgoingResponse>;

/** Accepts every context, in the first transfer syntax that is proposed. */
export async function startGatedScp(answer: Answer): Promise<GatedScp> {
  const requests: IncomingRequest[] = [];
  const waiting: { readonly index: number; readonly resolve: (request: IncomingRequest) => void }[] = [];
  const handle: RequestHandler = async function* (request) {
    const index = requests.push(request) - 1;
    for (const each of waiting) if (each.index === index) each.resolve(request);
    yield* answer(request, index);
  };
  const listener = await listen({
    port: 0,
    bindAddress: "127.0.0.1",
    maximumPduLength: 16384,
    timeout: 30,
    artim: 5,
    decide: () => ({
      accept: true,
      policyOf: () => ({ choose: ([first]) => first, roles: { scu: true, scp: true } }),
    }),
    handle,
    log: noLog,
  });
  return {
    port: listener.port,
    requests,
    associations: () => [...new Set(requests.map(({ association }) => association))],
    came(index) {
      const known = requests[index];
      if (known !== undefined) return Promise.resolve(known);
      const { promise, resolve } = Promise.withResolvers<IncomingRequest>();
      waiting.push({ index, resolve });
      return promise;
    },
    close: () => listener.close(0),
  };
}

/** A final response with a status, after the dataset of the request was read. */
export async function* status(request: IncomingRequest, Status: number): AsyncGenerator<OutgoingResponse, void, void> {
  for await (const _ of request.dataset ?? []);
  yield { command: { Status } };
}
