import type { Archive, IngestResult } from "../archive/archive.ts";
import { sopClasses as storageClasses } from "../dicom/sop-classes.ts";
import { explicitLittleEndian, implicitLittleEndian } from "../dicom/transfer-syntaxes.ts";
import type { RequestHandler } from "../dimse/association.ts";
import { commandFields } from "../dimse/command-set.ts";
import type { ProposedContext } from "../dimse/connect.ts";
import { statuses, statusText } from "../dimse/statuses.ts";
import { ServerError } from "../util/errors.ts";
import type { Log } from "../util/log.ts";
import { type DicomAssociations, withAssociation } from "./dicom-associations.ts";
import type { DicomRemote } from "./dicom-remote.ts";
import { requestRetrieval, type RetrieveRequest } from "./move-scu.ts";
import { acceptedContext } from "./query-scu.ts";
import { receiveInstance } from "./receive-instance.ts";
import { informationModels, messageSyntaxes } from "./service-classes.ts";

export interface GetScuParts {
  readonly associations: DicomAssociations;
  readonly archive: Pick<Archive, "ingest">;
  /** Storage SOP classes that this server takes. */
  readonly acceptedSopClasses: () => readonly string[];
  readonly log: Log;
}

export interface GetRequest extends RetrieveRequest {
  /** SOP classes that are known to come (`SOPClassesInStudy`); empty: unknown. */
  readonly sopClasses: readonly string[];
  /** Propose to be SCU of the storage classes too, which Siemens' syngo CT wants. */
  readonly bothRoles: boolean;
  readonly onReceived: (result: IngestResult) => void;
}

/**
 * Storage classes that are seldom met in an archive of images: of protocols, templates, security screening, measurements of eyes, the
 * second generation of radiotherapy.
 */
const seldom =
  /^1\.2\.840\.10008\.5\.1\.4\.(?:1\.1\.(?:9\.7|68|77\.1\.[89]|78|79|80|81|82|88\.7\d|200|201|481\.[12]\d|501|601)|3[489]|4[345])(?:\.|$)/;

/** Storage contexts that are proposed: 128 are possible (PS3.8 §9.3.2.2), some are for the request itself. */
const contextsLimit = 120;

/**
 * Retrieves what the identifier says over the same association (C-GET, PS3.4 §C.4.3), into the archive. Throws
 * `DicomGetUnavailable`, or `NetworkProtocol` as `DimseFailure` when anything could not be sent or stored.
 */
export async function get(parts: GetScuParts, request: GetRequest): Promise<void> {
  const { remote, level, signal } = request;
  const models = informationModels(level).map((model) => model.get);
  const contexts = [
    ...models.map((abstractSyntax) => ({ abstractSyntax, transferSyntaxes: messageSyntaxes })),
    ...storageContexts(parts.acceptedSopClasses(), request),
  ];
  const handle = storeHandler(parts, remote, request.onReceived);
  await withAssociation(parts.associations, { remote, contexts, handle, signal }, async (association) => {
    const context = acceptedContext(association, models);
    if (context === undefined) {
      throw new ServerError("DicomGetUnavailable", `"${remote.calledAet}" accepts no C-GET of this kind`);
    }
    await requestRetrieval(association, context, { CommandField: commandFields["C-GET-RQ"] }, request);
  });
}

const uncompressed = [explicitLittleEndian.uid, implicitLittleEndian.uid];
/** Those that are in use, the frequent ones first. */
const compressed = ["4.70", "4.50", "4.90", "4.91", "4.80", "4.51", "5", "4.57", "4.81", "4.201", "4.202", "4.203"].map(
  (suffix) => `${implicitLittleEndian.uid}.${suffix}`,
);

/**
 * The storage classes, in the role of the SCP (PS3.7 §D.3.3.4). As an acceptor takes one transfer syntax per context, compressed ones
 * get contexts of their own as far as there is room: then the remote need not decompress, which not every one can.
 */
function storageContexts(
  accepted: readonly string[],
  { sopClasses, bothRoles }: Pick<GetRequest, "sopClasses" | "bothRoles">,
): readonly ProposedContext[] {
  const known = sopClasses.filter((uid) => accepted.includes(uid));
  const classes = (known.length > 0 ? known : frequentFirst(accepted)).slice(0, contextsLimit);
  const room = Math.floor(contextsLimit / Math.max(classes.length, 1)) - 1;
  const proposals = [uncompressed, ...compressed.slice(0, room).map((uid) => [uid])];
  const roles = { scu: bothRoles, scp: true };
  return proposals.flatMap((syntaxes) =>
    classes.map((abstractSyntax) => ({ abstractSyntax, transferSyntaxes: syntaxes, roles })),
  );
}

function frequentFirst(uids: readonly string[]): readonly string[] {
  const retired = new Set(storageClasses.filter((row) => row.retired).map(({ uid }) => uid));
  const isSeldom = (uid: string): boolean => retired.has(uid) || seldom.test(uid);
  return [...uids.filter((uid) => !isSeldom(uid)), ...uids.filter(isSeldom)];
}

/** Takes the instances that come by C-STORE. */
function storeHandler(
  { archive, log }: GetScuParts,
  { calledAet, callingAet }: DicomRemote,
  onReceived: (result: IngestResult) => void,
): RequestHandler {
  return async function* (request) {
    if (request.command.CommandField !== commandFields["C-STORE-RQ"]) {
      yield { command: { Status: statuses.unrecognizedOperation } };
      return;
    }
    const { remoteIp } = request.association;
    const { AffectedSOPClassUID = "", AffectedSOPInstanceUID = "" } = request.command;
    const origin = { kind: "DicomProtocol", remoteIp, remoteAet: calledAet, calledAet: callingAet } as const;
    const received = await receiveInstance(archive, request, origin);
    if (received.result === undefined) {
      const fields = { status: statusText(received.status) };
      log.warn(`${AffectedSOPInstanceUID} from "${calledAet}" (C-GET) is not stored: ${received.why}`, fields);
    } else {
      onReceived(received.result);
    }
    yield { command: { Status: received.status, AffectedSOPClassUID, AffectedSOPInstanceUID } };
  };
}
