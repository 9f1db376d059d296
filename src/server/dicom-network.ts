import type { DicomListener } from "../dimse/listen.ts";
import type { AcceptedSopClasses } from "../scp/accepted-sop-classes.ts";
import type { AcceptedTransferSyntaxes } from "../scp/accepted-transfer-syntaxes.ts";
import type { WorklistSearch } from "../scp/worklist.ts";
import { acceptedSopClasses } from "./accepted-sop-classes.ts";
import { createDicomRemotes, type DicomRemotes } from "./dicom-remotes.ts";
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
  parts: Omit<DicomServingParts, "remotes" | "tls" | "transferSyntaxes" | "sopClasses">,
): Promise<DicomNetwork> {
  const { configuration } = parts;
  const sopClasses = acceptedSopClasses(configuration);
  const transferSyntaxes = acceptedTransferSyntaxes(configuration);
  const tls = await dicomTls(configuration);
  const dicomRemotes = await createDicomRemotes({ ...parts, tls, acceptedSopClasses: () => sopClasses.list() });
  const start = prepareDicomServer({ ...parts, remotes: dicomRemotes, tls, transferSyntaxes, sopClasses });
  return {
    dicomRemotes,
    transferSyntaxes,
    sopClasses,
    listen: async (worklists) => (configuration.DicomServerEnabled ? start(worklists) : undefined),
  };
}
