import type { DicomListener } from "../dimse/listen.ts";
import type { AcceptedSopClasses } from "../scp/accepted-sop-classes.ts";
import type { AcceptedTransferSyntaxes } from "../scp/accepted-transfer-syntaxes.ts";
import { createDicomMetrics } from "../scp/dicom-metrics.ts";
import { createTurns } from "../scp/turns.ts";
import type { WorklistSearch } from "../scp/worklist.ts";
import type { Metrics } from "../util/metrics.ts";
import { acceptedSopClasses } from "./accepted-sop-classes.ts";
import { createDicomRemotes, type DicomRemotes, type DicomRemotesParts } from "./dicom-remotes.ts";
import { acceptedTransferSyntaxes, type DicomServingParts, prepareDicomServer } from "./dicom-server.ts";
import { dicomTls } from "./dicom-tls.ts";

/** Both sides of the DICOM network. */
export interface DicomNetwork {
  readonly dicomRemotes: DicomRemotes;
  readonly transferSyntaxes: AcceptedTransferSyntaxes;
  readonly sopClasses: AcceptedSopClasses;
  /** Starts the server unless it is not enabled. `worklists`: what answers worklist queries. */
  listen(worklists: WorklistSearch | undefined): Promise<DicomListener | undefined>;
}

/** Makes the client of the DICOM network and what is needed for its server; their jobs are known to the engine. */
export async function createDicomNetwork(
  parts: Omit<DicomServingParts, "remotes" | "tls" | "transferSyntaxes" | "sopClasses" | "turns" | "metrics"> &
    Pick<DicomRemotesParts, "maySend"> & { readonly metrics: Metrics },
): Promise<DicomNetwork> {
  const { configuration } = parts;
  const sopClasses = acceptedSopClasses(configuration);
  const transferSyntaxes = acceptedTransferSyntaxes(configuration);
  const tls = await dicomTls(configuration);
  const dicomRemotes = await createDicomRemotes({ ...parts, tls, acceptedSopClasses: () => sopClasses.list() });
  const turns = createTurns(Math.max(configuration.DicomThreadsCount, 1));
  const metrics = createDicomMetrics(turns, parts.metrics);
  const accepted = { transferSyntaxes, sopClasses };
  const start = prepareDicomServer({ ...parts, ...accepted, remotes: dicomRemotes, tls, turns, metrics });
  return {
    dicomRemotes,
    ...accepted,
    listen: async (worklists) => (configuration.DicomServerEnabled ? start(worklists) : undefined),
  };
}
