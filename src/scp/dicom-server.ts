import type { Archive } from "../archive/archive.ts";
import type { FindParts } from "../archive/find.ts";
import type { Transcoding } from "../archive/transcode.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { SpecificCharacterSet } from "../dicom/charset.ts";
import type { Tag } from "../dicom/tag.ts";
import type { DicomListener, DicomListenerOptions, Listen } from "../dimse/listen.ts";
import { statuses } from "../dimse/statuses.ts";
import type { Modalities } from "../remotes/modality.ts";
import { commitmentEventHandler } from "../remotes/storage-commitment-event.ts";
import type { StorageCommitmentReports } from "../remotes/storage-commitment-reports.ts";
import type { BlobStorage } from "../storage/storage.ts";
import type { Log } from "../util/log.ts";
import { createAccess, type AccessOptions } from "./access.ts";
import type { AcceptedSopClasses } from "./accepted-sop-classes.ts";
import type { AcceptedTransferSyntaxes } from "./accepted-transfer-syntaxes.ts";
import { associationPolicy } from "./association-policy.ts";
import { answerAction, type CommitmentParts } from "./commitment.ts";
import { contextPolicies } from "./context-policies.ts";
import type { DicomMetrics } from "./dicom-metrics.ts";
import { echo } from "./echo.ts";
import type { FindQueryOptions } from "./find-query.ts";
import { answerFind } from "./find.ts";
import { answerGet } from "./get.ts";
import { answerMove, type MoveHandlerParts } from "./move.ts";
import type { QueryFilter } from "./read-identifier.ts";
import { requestHandler, type Service } from "./request-handler.ts";
import { storeHandler } from "./store.ts";
import type { Turns } from "./turns.ts";
import { answerWorklist, type WorklistHandlerParts, type WorklistSearch } from "./worklist.ts";

/** The part of the configuration that is the DICOM server's. */
export interface DicomServerOptions
  extends
    FindQueryOptions,
    Pick<AccessOptions, "alwaysAllowed" | "checkModalityHost">,
    Pick<DicomListenerOptions, "port" | "maximumPduLength" | "timeout" | "tls"> {
  /** `DicomAet` */
  readonly title: string;
  /** `DicomCheckCalledAet` */
  readonly checkCalledAet: boolean;
  /** `StrictAetComparison` */
  readonly strictAetComparison: boolean;
  /** `ReadOnly` */
  readonly readOnly: boolean;
  /** Whether the values of an attribute must not stand in logs. */
  readonly isHiddenInLogs: (tag: Tag) => boolean;
  /** `TranscodeDicomProtocol` */
  readonly transcodes: boolean;
}

export interface DicomServerParts
  extends Pick<MoveHandlerParts, "openStore" | "submit">, Pick<CommitmentParts, "submitCommitment"> {
  readonly listen: Listen;
  readonly options: DicomServerOptions;
  readonly archive: Pick<Archive, "ingest">;
  readonly catalog: Pick<Catalog, "find">;
  readonly storage: Pick<BlobStorage, "read">;
  readonly find: FindParts;
  readonly transcoding: Pick<Transcoding, "transcodedFile" | "transcodeBytes">;
  readonly modalities: Pick<Modalities, "byAet">;
  readonly reports: Pick<StorageCommitmentReports, "complete">;
  readonly transferSyntaxes: Pick<AcceptedTransferSyntaxes, "list">;
  readonly sopClasses: Pick<AcceptedSopClasses, "has">;
  /** What answers worklist queries; undefined: they are not accepted. */
  readonly worklists: WorklistSearch | undefined;
  /** `DefaultEncoding` at the moment. */
  readonly charset: () => SpecificCharacterSet;
  /** Change queries before they are answered. */
  readonly queryFilters?: { readonly find: QueryFilter; readonly worklist: QueryFilter } | undefined;
  /** C-FIND, C-MOVE and C-GET that are worked at the same time. */
  readonly turns: Pick<Turns, "take">;
  readonly metrics: Pick<DicomMetrics, "measured">;
  readonly log: Log;
}

/** Seconds for a peer to send its A-ASSOCIATE-RQ, and to close after an A-ABORT. */
const artim = 30;

/**
 * The DICOM server: accepts associations and serves what callers may use. Throws `DicomPortInUse` when the port is taken,
 * `SslInitialization` when the TLS options cannot be used.
 */
export async function createDicomServer(parts: DicomServerParts): Promise<DicomListener> {
  const { options, modalities, log } = parts;
  const access = createAccess({ ...options, modalities });
  const policyOf = contextPolicies({ ...parts, hasWorklists: parts.worklists !== undefined });
  const listener = await parts.listen({
    port: options.port,
    maximumPduLength: options.maximumPduLength,
    timeout: options.timeout,
    artim,
    ...(options.tls === undefined ? {} : { tls: options.tls }),
    decide: associationPolicy({ ...options, access, policyOf }),
    handle: requestHandler({
      services: services(parts),
      access,
      turns: parts.turns,
      measured: parts.metrics.measured,
      log,
    }),
    log,
  });
  log.info(`DICOM server listening on port ${listener.port} as ${options.title}`);
  return listener;
}

/** What is answered by whom. */
function services(parts: DicomServerParts): readonly Service[] {
  const { options, find, worklists, charset, queryFilters, log } = parts;
  const { readOnly, transcodes } = options;
  const quick = { takesTurns: false, failure: statuses.processingFailure };
  const long = { takesTurns: true, failure: statuses.unableToProcess };
  return [
    { operation: "C-ECHO-RQ", permission: "Echo", ...quick, answer: echo },
    { operation: "C-STORE-RQ", permission: "Store", ...quick, answer: storeHandler({ ...parts, readOnly }) },
    {
      operation: "C-FIND-RQ",
      kind: "FIND",
      permission: "Find",
      ...long,
      answer: (request) => answerFind({ ...options, find, charset, filterQuery: queryFilters?.find, log }, request),
    },
    ...(worklists === undefined
      ? []
      : [worklistService({ search: worklists, charset, filterQuery: queryFilters?.worklist })]),
    {
      operation: "C-MOVE-RQ",
      kind: "MOVE",
      permission: "Move",
      ...long,
      answer: (request) => answerMove(parts, request),
    },
    {
      operation: "C-GET-RQ",
      kind: "GET",
      permission: "Get",
      ...long,
      answer: (request) => answerGet({ ...parts, transcodes }, request),
    },
    {
      operation: "N-ACTION-RQ",
      kind: "StorageCommitment",
      permission: "NAction",
      ...quick,
      answer: (request) => answerAction(parts, request),
    },
    {
      operation: "N-EVENT-REPORT-RQ",
      kind: "StorageCommitment",
      permission: "EventReport",
      ...quick,
      answer: commitmentEventHandler(parts.reports),
    },
  ];
}

function worklistService(parts: WorklistHandlerParts): Service {
  return {
    operation: "C-FIND-RQ",
    kind: "Worklist",
    permission: "FindWorklist",
    takesTurns: true,
    failure: statuses.unableToProcess,
    answer: (request) => answerWorklist(parts, request),
  };
}
