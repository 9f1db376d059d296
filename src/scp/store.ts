import type { Archive } from "../archive/archive.ts";
import type { RequestHandler } from "../dimse/association.ts";
import { statuses, statusText } from "../dimse/statuses.ts";
import { receiveInstance } from "../remotes/receive-instance.ts";
import type { Log } from "../util/log.ts";
import type { AcceptedSopClasses } from "./accepted-sop-classes.ts";
import { callerOf } from "./caller.ts";

export interface StoreParts {
  readonly archive: Pick<Archive, "ingest">;
  readonly sopClasses: Pick<AcceptedSopClasses, "has">;
  /** `ReadOnly`: nothing is stored. Contexts of storage are accepted all the same, for C-GET. */
  readonly readOnly: boolean;
  readonly log: Log;
}

/** Answers C-STORE (PS3.4 §B). */
export function storeHandler({ archive, sopClasses, readOnly, log }: StoreParts): RequestHandler {
  return async function* (request) {
    const { remoteIp, callingAet, calledAet } = callerOf(request.association);
    const origin = { kind: "DicomProtocol", remoteIp, remoteAet: callingAet, calledAet } as const;
    const { AffectedSOPClassUID = "", AffectedSOPInstanceUID = "" } = request.command;
    if (readOnly || !sopClasses.has(AffectedSOPClassUID)) {
      yield { command: { Status: readOnly ? statuses.notAuthorized : statuses.sopClassNotSupported } };
      return;
    }
    const received = await receiveInstance(archive, request, origin);
    if (received.result === undefined) {
      log.warn(`C-STORE of ${AffectedSOPInstanceUID} by ${callingAet} fails: ${received.why}`, {
        status: statusText(received.status),
      });
    }
    yield { command: { Status: received.status } };
  };
}
