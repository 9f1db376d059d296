import type { SopClassKind } from "../dicom/sop-classes.ts";
import {
  AbortAssociation,
  type IncomingRequest,
  type OutgoingResponse,
  type RequestHandler,
} from "../dimse/association.ts";
import { commandFields, type CommandName } from "../dimse/command-set.ts";
import { statuses, statusText } from "../dimse/statuses.ts";
import { ServerError } from "../util/errors.ts";
import type { Log } from "../util/log.ts";
import type { Access, Permission } from "./access.ts";
import { callerOf } from "./caller.ts";
import { sopClassKind } from "./sop-class-kind.ts";
import type { Turns } from "./turns.ts";

/** One thing that the server does for others. */
export interface Service {
  readonly operation: CommandName;
  /** Which presentation contexts it belongs to; absent: all. */
  readonly kind?: SopClassKind;
  readonly permission: Permission;
  /** At most `DicomThreadsCount` of them are worked at the same time. */
  readonly takesTurns: boolean;
  /** Status of what fails for a reason that the caller may know. */
  readonly failure: number;
  readonly answer: RequestHandler;
}

export interface RequestHandlerParts {
  readonly services: readonly Service[];
  readonly access: Pick<Access, "may">;
  readonly turns: Pick<Turns, "take">;
  /** Told how long, in milliseconds, an operation took. */
  readonly measured: (operation: CommandName, duration: number) => void;
  readonly log: Log;
}

/** Longest Error Comment (0000,0902), of VR LO. */
const commentLength = 64;

/** Has each request answered by its service, if the caller may use it. */
export function requestHandler(parts: RequestHandlerParts): RequestHandler {
  const byField = new Map<number, readonly Service[]>();
  for (const service of parts.services) {
    const field = commandFields[service.operation];
    byField.set(field, [...(byField.get(field) ?? []), service]);
  }
  return (request) => {
    const { command, context } = request;
    const candidates = byField.get(command.CommandField);
    if (candidates === undefined) return refused(statuses.unrecognizedOperation);
    const kind = sopClassKind(context.abstractSyntax);
    const service = candidates.find((each) => each.kind === undefined || each.kind === kind);
    return service === undefined ? refused(statuses.sopClassNotSupported) : serve(parts, service, request);
  };
}

async function* refused(Status: number): AsyncGenerator<OutgoingResponse, void, void> {
  yield { command: { Status } };
}

async function* serve(
  parts: RequestHandlerParts,
  service: Service,
  request: IncomingRequest,
): AsyncGenerator<OutgoingResponse, void, void> {
  const { operation, permission, takesTurns, failure, answer } = service;
  const caller = callerOf(request.association);
  if (!parts.access.may(caller, permission)) {
    const who = `"${caller.callingAet}" at ${caller.remoteIp}`;
    parts.log.warn(`${who} may not use ${operation}: the association is aborted`);
    throw new AbortAssociation(`${who} may not use ${operation}`);
  }
  const start = performance.now();
  using _turn = takesTurns ? await parts.turns.take() : undefined;
  try {
    yield* answer(request);
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    parts.log.error(`${operation} of "${caller.callingAet}" fails: ${error.message}`, { status: statusText(failure) });
    yield { command: { Status: failure, ErrorComment: comment(error) } };
  } finally {
    const duration = performance.now() - start;
    parts.measured(operation, duration);
    if (takesTurns) parts.log.info(`${operation} of "${caller.callingAet}" took ${duration.toFixed(1)} ms`);
  }
}

function comment({ details, row }: ServerError): string {
  return (details ?? row.text).replaceAll(/[^\x20-\x5b\x5d-\x7e]/g, "?").slice(0, commentLength);
}
