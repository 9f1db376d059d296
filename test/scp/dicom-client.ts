import type { Association, RequestHandler } from "../../src/dimse/association.ts";
import { type CommandName, commandFields, type CommandSet } from "../../src/dimse/command-set.ts";
import type { ProposedContext } from "../../src/dimse/connect.ts";
import { associate } from "../../src/dimse/open-association.ts";
import { noLog } from "../../src/util/log.ts";

export interface ClientOptions {
  readonly callingAet?: string;
  readonly calledAet?: string;
  readonly handle?: RequestHandler;
}

/** Opens an association with a server of this machine. */
export function connectTo(
  port: number,
  contexts: readonly ProposedContext[],
  { callingAet = "TESTSCU", calledAet = "ORTHANC", handle }: ClientOptions = {},
): Promise<Association> {
  return associate({
    host: "127.0.0.1",
    port,
    callingAet,
    calledAet,
    contexts,
    maximumPduLength: 65_536,
    timeout: 60,
    log: noLog,
    ...(handle === undefined ? {} : { handle }),
  });
}

export interface Instance {
  readonly sopClassUid: string;
  readonly sopInstanceUid: string;
  readonly transferSyntaxUID: string;
  readonly dataset: Uint8Array | AsyncIterable<Uint8Array>;
}

/** A context for instances like this one. */
export function contextFor({ sopClassUid, transferSyntaxUID }: Instance): ProposedContext {
  return { abstractSyntax: sopClassUid, transferSyntaxes: [transferSyntaxUID] };
}

/** Sends an instance by C-STORE in the first context that fits, and gives the status. */
export async function sendInstance(association: Association, instance: Instance): Promise<number> {
  const { sopClassUid, sopInstanceUid, transferSyntaxUID, dataset } = instance;
  const context = association.contexts.find(
    (each) => each.abstractSyntax === sopClassUid && each.transferSyntaxUID === transferSyntaxUID,
  );
  if (context === undefined) throw new Error(`${sopClassUid} in ${transferSyntaxUID} was not accepted`);
  return statusOf(association, context.id, "C-STORE-RQ", {
    command: { AffectedSOPClassUID: sopClassUid, AffectedSOPInstanceUID: sopInstanceUid, Priority: 0 },
    dataset,
  });
}

interface Sent {
  readonly command: Partial<CommandSet>;
  readonly dataset?: Uint8Array | AsyncIterable<Uint8Array>;
}

/** Sends a request and gives the final status. */
export async function statusOf(
  association: Association,
  contextId: number,
  operation: CommandName,
  { command, dataset }: Sent,
): Promise<number> {
  let status = -1;
  const request = {
    contextId,
    command: { ...command, CommandField: commandFields[operation] },
    ...(dataset === undefined ? {} : { dataset }),
  };
  for await (const response of association.request(request)) status = response.command.Status;
  return status;
}
