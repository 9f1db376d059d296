import { attachments, deleteAttachment, knownBlobs, setAttachment } from "./attachments.ts";
import { changes, deleteChanges, recordChange } from "./change-log.ts";
import { deleteExports, exports, recordExport } from "./exports.ts";
import { count, find } from "./find/find.ts";
import { deleteKeyValue, keyValue, keyValues, setKeyValue } from "./key-values.ts";
import { addLabel, labels, removeLabel } from "./labels.ts";
import { lookup } from "./lookup.ts";
import { deleteMetadata, metadata, setMetadata } from "./metadata.ts";
import { nextSequence, property, setProperty } from "./properties.ts";
import { isProtected, setProtected } from "./protection.ts";
import { reconstruct } from "./reconstruct.ts";
import { remove } from "./remove.ts";
import { levelOf } from "./resources.ts";
import { markStable, markUnstable, unstable } from "./stability.ts";
import { resourceStatistics, statistics } from "./statistics.ts";
import { storeInSeries } from "./store-in-series.ts";
import { storeInstance } from "./store.ts";

/** What is read from a catalog: functions of a connection and plain arguments. */
export const reads = {
  attachments,
  changes,
  count,
  exports,
  find,
  isProtected,
  keyValue,
  keyValues,
  knownBlobs,
  labels,
  levelOf,
  lookup,
  metadata,
  property,
  resourceStatistics,
  statistics,
  unstable,
} as const;

/** What changes a catalog. Each act either does all it has to or throws before the transaction is committed. */
export const writes = {
  addLabel,
  deleteAttachment,
  deleteChanges,
  deleteExports,
  deleteKeyValue,
  deleteMetadata,
  markStable,
  markUnstable,
  nextSequence,
  recordChange,
  recordExport,
  reconstruct,
  remove,
  removeLabel,
  setAttachment,
  setKeyValue,
  setMetadata,
  setProperty,
  setProtected,
  storeInSeries,
  storeInstance,
} as const;

export type Reads = typeof reads;
export type Writes = typeof writes;

/** The arguments of an act after the connection. */
export type Arguments<Act> = Act extends (sql: never, ...rest: infer Rest) => unknown ? Rest : never;
export type Result<Act> = Act extends (...all: never[]) => infer Value ? Value : never;
