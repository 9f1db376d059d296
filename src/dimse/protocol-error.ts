import { AssociationError } from "./association.ts";
import type { AbortPdu } from "./pdu.ts";

/** Reason/Diag. of an A-ABORT by the service-provider (PS3.8 Table 9-26). */
export const abortReasons = {
  "reason not specified": 0,
  "unrecognized PDU": 1,
  "unexpected PDU": 2,
  "unrecognized PDU parameter": 4,
  "unexpected PDU parameter": 5,
  "invalid PDU parameter value": 6,
} as const;
export type AbortReason = keyof typeof abortReasons;

/** The other side sent what PS3.7 or PS3.8 does not allow; the association is aborted for that reason. */
export class ProtocolError extends AssociationError {
  readonly reason: AbortReason;
  constructor(message: string, reason: AbortReason = "invalid PDU parameter value") {
    super("protocol", message);
    this.reason = reason;
  }
}

/** Words for an A-ABORT that was received, whatever numbers it has. */
export function describeAbort({ source, reason }: AbortPdu): string {
  if (source !== 2) return "Aborted by the other side (service-user)";
  const name = Object.entries(abortReasons).find(([, code]) => code === reason)?.[0] ?? `reason ${reason}`;
  return `Aborted by the other side (service-provider: ${name})`;
}
