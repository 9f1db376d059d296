/** Failure Reason (0008,1197): PS3.18 Table 10.5.3-3, PS3.4 Table B.2-1, and those of clouds. */
const failureReasons: Readonly<Record<number, string>> = {
  0x0110: "processing failure",
  0x0111: "duplicate SOP instance",
  0x0122: "SOP class not supported",
  0x0124: "not authorized",
  0x0131: "duplicate transaction UID",
  0xa700: "out of resources",
  0xa770: "bulk data could not be fetched",
  0xa773: "data set does not match its media type",
  0xa900: "data set does not match its SOP class",
  0xa901: "data set does not match its SOP class",
  0xb00e: "the instance exists already (Azure)",
  0xb00f: "the instance is being stored (Azure)",
  0xc000: "cannot understand the data set",
  0xc122: "transfer syntax not supported",
  0xc409: "the instance is in use",
};

/** `0110 (processing failure)`. */
export function describeFailureReason(reason: number): string {
  const words = failureReasons[reason] ?? (reason >= 0xc000 ? "cannot understand the data set" : "unknown reason");
  return `${reason.toString(16).toUpperCase().padStart(4, "0")} (${words})`;
}
