import type { Archive } from "../archive/archive.ts";
import type { Transcoding } from "../archive/transcode.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { Configuration } from "../config/options.ts";
import type { SpecificCharacterSet } from "../dicom/charset.ts";
import type { MainDicomTags } from "../dicom/main-dicom-tags.ts";
import { listen } from "../dimse/listen-on-port.ts";
import type { DicomListener } from "../dimse/listen.ts";
import type { DicomTls } from "../dimse/tls.ts";
import type { JobsEngine, JobSubmission } from "../jobs/job.ts";
import { dicomRemote } from "../remotes/dicom-remote.ts";
import type { NamedModality } from "../remotes/modality.ts";
import { storeScuState } from "../remotes/store-scu-state.ts";
import type { StoreTarget } from "../remotes/store-scu.ts";
import type { AcceptedSopClasses } from "../scp/accepted-sop-classes.ts";
import {
  type AcceptedTransferSyntaxes,
  createAcceptedTransferSyntaxes,
  type TransferSyntaxFamily,
} from "../scp/accepted-transfer-syntaxes.ts";
import type { Permission } from "../scp/access.ts";
import { commitmentJob } from "../scp/commitment-job.ts";
import { createDicomServer, type DicomServerOptions, type DicomServerParts } from "../scp/dicom-server.ts";
import type { WorklistSearch } from "../scp/worklist.ts";
import type { BlobStorage } from "../storage/storage.ts";
import { ServerError } from "../util/errors.ts";
import type { Log } from "../util/log.ts";
import { findOptions } from "./archive-options.ts";
import type { DicomRemotes } from "./dicom-remotes.ts";
import { hiddenInLogs } from "./hidden-in-logs.ts";
import { createWarn } from "./warnings.ts";

export interface DicomServingParts extends Pick<DicomServerParts, "turns" | "metrics" | "queryFilters"> {
  readonly configuration: Configuration;
  readonly tags: MainDicomTags;
  readonly archive: Archive;
  readonly catalog: Catalog;
  readonly storage: Pick<BlobStorage, "read">;
  readonly transcoding: Transcoding;
  readonly jobs: JobsEngine;
  readonly remotes: DicomRemotes;
  readonly tls: DicomTls | undefined;
  readonly transferSyntaxes: AcceptedTransferSyntaxes;
  readonly sopClasses: AcceptedSopClasses;
  /** `DefaultEncoding` at the moment. */
  readonly defaultCharset: () => SpecificCharacterSet;
  readonly log: Log;
}

/** Starts to listen; `worklists`: what answers worklist queries. */
export type StartDicomServer = (worklists: WorklistSearch | undefined) => Promise<DicomListener>;

const submission: JobSubmission = { priority: 0 };

/** Makes the jobs of the DICOM server known to the engine. What is returned starts it. */
export function prepareDicomServer(parts: DicomServingParts): StartDicomServer {
  const { configuration, tags, archive, catalog, jobs, remotes } = parts;
  const commitment = commitmentJob({ ...remotes, catalog });
  jobs.register(commitment);
  const targetOf = ({ modality }: NamedModality): StoreTarget => ({
    ...dicomRemote(modality, {}, remotes.defaults),
    allowTranscoding: configuration.TranscodeDicomProtocol && modality.AllowTranscoding,
  });
  const submit: DicomServerParts["submit"] = ({ destination, originator, instances }) => {
    const state = storeScuState({
      target: targetOf(destination),
      description: "C-MOVE",
      resources: instances.map((ID) => ({ ID, Type: "Instance" })),
      instances,
      moveOriginator: originator,
      permissive: false,
      commitment: null,
    });
    jobs.submit(remotes.store, state, submission);
  };
  return (worklists) =>
    createDicomServer({
      ...parts,
      listen,
      options: serverOptions(parts),
      find: { catalog, archive, options: findOptions(configuration, tags, createWarn(configuration, parts.log)) },
      modalities: remotes.modalities,
      reports: remotes.reports,
      worklists,
      charset: parts.defaultCharset,
      openStore: (destination, instances) => remotes.openStoreScu(targetOf(destination), { instances }),
      submit: configuration.SynchronousCMove ? undefined : submit,
      submitCommitment: (state) => void jobs.submit(commitment, state, submission),
    });
}

/** Throws `SslInitialization` when `DicomTlsEnabled` without a certificate. */
function serverOptions({ configuration, tls }: DicomServingParts): DicomServerOptions {
  const { DicomTlsEnabled } = configuration;
  if (DicomTlsEnabled && tls === undefined) {
    throw new ServerError("SslInitialization", "DicomTlsEnabled needs DicomTlsCertificate and DicomTlsPrivateKey");
  }
  return {
    title: configuration.DicomAet,
    isHiddenInLogs: hiddenInLogs(configuration),
    port: configuration.DicomPort,
    maximumPduLength: configuration.MaximumPduLength,
    timeout: configuration.DicomScpTimeout,
    ...(DicomTlsEnabled && tls !== undefined ? { tls } : {}),
    alwaysAllowed: alwaysAllowed(configuration),
    checkModalityHost: configuration.DicomCheckModalityHost,
    checkCalledAet: configuration.DicomCheckCalledAet,
    strictAetComparison: configuration.StrictAetComparison,
    caseSensitivePN: configuration.CaseSensitivePN,
    defaultPrivateCreator: configuration.DefaultPrivateCreator,
    readOnly: configuration.ReadOnly,
    transcodes: configuration.TranscodeDicomProtocol,
  };
}

function alwaysAllowed(configuration: Configuration): ReadonlySet<Permission> {
  const options = {
    Echo: configuration.DicomAlwaysAllowEcho,
    Store: configuration.DicomAlwaysAllowStore,
    Find: configuration.DicomAlwaysAllowFind,
    FindWorklist: configuration.DicomAlwaysAllowFindWorklist,
    Get: configuration.DicomAlwaysAllowGet,
    Move: configuration.DicomAlwaysAllowMove,
  };
  return new Set(namesWhere(options, true));
}

/** The transfer syntaxes that C-STORE takes, as the configuration says. */
export function acceptedTransferSyntaxes(configuration: Configuration): AcceptedTransferSyntaxes {
  const formerOptions: Readonly<Record<TransferSyntaxFamily, boolean>> = {
    Deflated: configuration.DeflatedTransferSyntaxAccepted,
    Jpeg: configuration.JpegTransferSyntaxAccepted,
    Jpeg2000: configuration.Jpeg2000TransferSyntaxAccepted,
    JpegLossless: configuration.JpegLosslessTransferSyntaxAccepted,
    Jpip: configuration.JpipTransferSyntaxAccepted,
    Mpeg2: configuration.Mpeg2TransferSyntaxAccepted,
    Mpeg4: configuration.Mpeg4TransferSyntaxAccepted,
    H265: configuration.H265TransferSyntaxAccepted,
    Rle: configuration.RleTransferSyntaxAccepted,
  };
  return createAcceptedTransferSyntaxes(configuration.AcceptedTransferSyntaxes, namesWhere(formerOptions, false));
}

function namesWhere<Name extends string>(switches: Readonly<Record<Name, boolean>>, wanted: boolean): Name[] {
  return (Object.keys(switches) as Name[]).filter((name) => switches[name] === wanted);
}
