/** Values of Status (0000,0900) that this server gives or looks for (PS3.7 Annex C, PS3.4 §B.2.3 and §C.4). */
export const statuses = {
  success: 0x0000,
  /** More answers follow. */
  pending: 0xff00,
  /** As `pending`, but an optional key was not supported. */
  pendingWithWarning: 0xff01,
  /** By C-CANCEL, and when a limit left answers out. */
  cancelled: 0xfe00,
  processingFailure: 0x0110,
  noSuchSopInstance: 0x0112,
  invalidArgumentValue: 0x0115,
  classInstanceConflict: 0x0119,
  sopClassNotSupported: 0x0122,
  noSuchActionType: 0x0123,
  notAuthorized: 0x0124,
  duplicateInvocation: 0x0210,
  unrecognizedOperation: 0x0211,
  resourceLimitation: 0x0213,
  outOfResources: 0xa700,
  unableToPerformSuboperations: 0xa702,
  moveDestinationUnknown: 0xa801,
  dataSetDoesNotMatchSOPClass: 0xa900,
  /** Of C-MOVE and C-GET: some sub-operations failed. */
  suboperationsFailed: 0xb000,
  /** C-STORE: cannot understand; C-FIND, C-MOVE, C-GET: unable to process. */
  unableToProcess: 0xc000,
} as const;

/** Names of single values: PS3.7 Annex C, then those of storage and query/retrieve (PS3.4 Tables B.2-1, C.4-1 to C.4-3). */
const names: Readonly<Record<number, string>> = {
  0x0000: "Success",
  0x0105: "No such attribute",
  0x0106: "Invalid attribute value",
  0x0107: "Attribute list error",
  0x0110: "Processing failure",
  0x0111: "Duplicate SOP instance",
  0x0112: "No such SOP instance",
  0x0113: "No such event type",
  0x0114: "No such argument",
  0x0115: "Invalid argument value",
  0x0116: "Attribute value out of range",
  0x0117: "Invalid SOP instance",
  0x0118: "No such SOP class",
  0x0119: "Class-instance conflict",
  0x0120: "Missing attribute",
  0x0121: "Missing attribute value",
  0x0122: "SOP class not supported",
  0x0123: "No such action",
  0x0124: "Not authorized",
  0x0210: "Duplicate invocation",
  0x0211: "Unrecognized operation",
  0x0212: "Mistyped argument",
  0x0213: "Resource limitation",
  0xa701: "Out of resources: unable to calculate number of matches",
  0xa702: "Out of resources: unable to perform sub-operations",
  0xa801: "Move destination unknown",
  0xb000: "Warning: coercion of data elements, or failed sub-operations",
  0xb006: "Warning: elements discarded",
  0xb007: "Warning: data set does not match SOP class",
  0xfe00: "Cancel",
  0xff00: "Pending",
  0xff01: "Pending, optional keys not supported",
};

/** Names of ranges: all values with the same bits under the mask. */
const ranges: readonly { readonly mask: number; readonly value: number; readonly name: string }[] = [
  { mask: 0xff00, value: 0xa700, name: "Out of resources" },
  { mask: 0xff00, value: 0xa900, name: "Data set or identifier does not match SOP class" },
  { mask: 0xf000, value: 0xc000, name: "Cannot understand or unable to process" },
  { mask: 0xf000, value: 0xb000, name: "Warning" },
];

/** As logs print a status: `0xa700 (Out of resources)`. */
export function statusText(status: number): string {
  const name = names[status] ?? ranges.find(({ mask, value }) => (status & mask) === value)?.name ?? "Unknown status";
  return `0x${status.toString(16).padStart(4, "0")} (${name})`;
}

/** Whether more responses follow one with this status. */
export function isPending(status: number): boolean {
  return status === statuses.pending || status === statuses.pendingWithWarning;
}
