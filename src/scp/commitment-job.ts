import { dicomAttachment, metadataNumbers } from "../archive/metadata-numbers.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { tagHex, type Tag } from "../dicom/tag.ts";
import { writeDataset } from "../dicom/write.ts";
import type { Association } from "../dimse/association.ts";
import { commandFields } from "../dimse/command-set.ts";
import { statuses } from "../dimse/statuses.ts";
import type { JobType, Progress } from "../jobs/job.ts";
import { type DicomAssociations, withAssociation } from "../remotes/dicom-associations.ts";
import { DimseFailure } from "../remotes/dicom-failure.ts";
import { type DicomRemote, dicomRemote, type DicomRemoteDefaults } from "../remotes/dicom-remote.ts";
import type { Modalities } from "../remotes/modality.ts";
import { messageSyntaxes, storageCommitment, storageCommitmentInstance } from "../remotes/service-classes.ts";
import type { CommitmentInstance, FailedCommitment } from "../remotes/storage-commitment-reports.ts";
import { ServerError } from "../util/errors.ts";
import { type Commitment, commitmentDataset } from "../remotes/storage-commitment-dataset.ts";

/** A storage commitment that a modality has asked for. */
export interface CommitmentState {
  readonly transactionUid: string;
  readonly remoteAet: string;
  readonly remoteIp: string;
  readonly calledAet: string;
  readonly references: readonly CommitmentInstance[];
}

export interface CommitmentJobParts {
  readonly catalog: Pick<Catalog, "find">;
  readonly modalities: Pick<Modalities, "byAet">;
  readonly associations: DicomAssociations;
  readonly defaults: DicomRemoteDefaults;
}

const SOPInstanceUID: Tag = 0x00080018;

/** Failure Reason (PS3.3 §C.14.1.1). */
const failureReasons = { noSuchObjectInstance: 0x0112, classInstanceConflict: 0x0119 } as const;
/** Event types of storage commitment (PS3.4 §J.3.3.1). */
const eventTypes = { successful: 1, failuresExist: 2 } as const;

/** The job that looks what is stored and tells the modality, over an association of its own. */
export function commitmentJob(parts: CommitmentJobParts): JobType<CommitmentState> {
  return {
    type: "StorageCommitmentScp",
    run: (state, signal) => run(parts, state, signal),
    describe: ({ calledAet, remoteAet, remoteIp, transactionUid }) => ({
      CalledAet: calledAet,
      RemoteAet: remoteAet,
      RemoteIp: remoteIp,
      TransactionUid: transactionUid,
    }),
  };
}

async function* run(
  parts: CommitmentJobParts,
  state: CommitmentState,
  signal: AbortSignal,
): AsyncGenerator<Progress<CommitmentState>, void, void> {
  const [known] = parts.modalities.byAet(state.remoteAet);
  if (known === undefined) {
    throw new ServerError("UnknownModality", `no modality "${state.remoteAet}" to report to is known`);
  }
  const remote = dicomRemote(known.modality, { LocalAet: state.calledAet }, parts.defaults);
  const commitment = await lookUp(parts.catalog, state);
  yield { state, fraction: 0.5 };
  const contexts = [
    { abstractSyntax: storageCommitment, transferSyntaxes: messageSyntaxes, roles: { scu: false, scp: true } },
  ];
  await withAssociation(parts.associations, { remote, contexts, signal }, (association) =>
    report(association, remote, commitment),
  );
  yield { state, fraction: 1 };
}

/** Looks which of the instances are stored, with their files. */
async function lookUp(
  catalog: Pick<Catalog, "find">,
  { transactionUid, references }: CommitmentState,
): Promise<Commitment> {
  const found = await catalog.find({
    level: "Instance",
    constraints: [
      {
        tag: SOPInstanceUID,
        caseSensitive: true,
        match: "list",
        values: references.map((reference) => reference.SOPInstanceUID),
      },
    ],
    include: { mainDicomTags: ["Instance"], metadata: true, attachments: true },
  });
  const classes = new Map(
    found
      .filter(({ attachments = [] }) => attachments.some(({ type }) => type === dicomAttachment))
      .map(({ mainDicomTags, metadata }) => [
        mainDicomTags?.Instance?.[tagHex(SOPInstanceUID)],
        metadata?.[metadataNumbers.SopClassUid],
      ]),
  );
  const failures: FailedCommitment[] = [];
  const committed: CommitmentInstance[] = [];
  for (const reference of references) {
    if (!classes.has(reference.SOPInstanceUID)) {
      failures.push({ ...reference, FailureReason: failureReasons.noSuchObjectInstance });
    } else if (classes.get(reference.SOPInstanceUID) !== reference.SOPClassUID) {
      failures.push({ ...reference, FailureReason: failureReasons.classInstanceConflict });
    } else committed.push(reference);
  }
  return { transactionUid, references: committed, failures };
}

/** Sends the N-EVENT-REPORT (PS3.7 §10.1.1). Throws `NetworkProtocol` when the other side refuses it. */
async function report(association: Association, remote: DicomRemote, commitment: Commitment): Promise<void> {
  const context = association.contexts.find(({ abstractSyntax }) => abstractSyntax === storageCommitment);
  if (context === undefined) {
    throw new ServerError("NoPresentationContext", `"${remote.calledAet}" takes no reports of storage commitment`);
  }
  const { transferSyntaxUID } = context;
  const responses = association.request({
    contextId: context.id,
    command: {
      CommandField: commandFields["N-EVENT-REPORT-RQ"],
      AffectedSOPClassUID: storageCommitment,
      AffectedSOPInstanceUID: storageCommitmentInstance,
      EventTypeID: commitment.failures.length === 0 ? eventTypes.successful : eventTypes.failuresExist,
    },
    dataset: writeDataset(commitmentDataset(commitment), { transferSyntaxUID }),
  });
  for await (const { command } of responses) {
    if (command.Status !== statuses.success) throw new DimseFailure("N-EVENT-REPORT", remote, command.Status);
  }
}
