import { buildDataset, type NewAttribute } from "../dicom/build-dataset.ts";
import type { Dataset } from "../dicom/dataset.ts";
import type { Tag } from "../dicom/tag.ts";
import type { CommitmentInstance, FailedCommitment } from "./storage-commitment-reports.ts";
import { ServerError } from "../util/errors.ts";

const ReferencedSOPClassUID: Tag = 0x00081150;
const ReferencedSOPInstanceUID: Tag = 0x00081155;
const TransactionUID: Tag = 0x00081195;
const FailureReason: Tag = 0x00081197;
const FailedSOPSequence: Tag = 0x00081198;
const ReferencedSOPSequence: Tag = 0x00081199;

/** What a transaction is about, or what came of it. */
export interface Commitment {
  readonly transactionUid: string;
  readonly references: readonly CommitmentInstance[];
  readonly failures: readonly FailedCommitment[];
}

/** Reads the action or event information of storage commitment (PS3.4 §J.3.2, §J.3.3). Throws `BadRequest` without Transaction UID. */
export function readCommitment(dataset: Dataset): Commitment {
  const transactionUid = dataset.text(TransactionUID) ?? "";
  if (transactionUid === "")
    throw new ServerError("BadRequest", "storage commitment without TransactionUID (0008,1195)");
  return {
    transactionUid,
    references: dataset.items(ReferencedSOPSequence).map(readReference),
    failures: dataset.items(FailedSOPSequence).map((item) => ({
      ...readReference(item),
      FailureReason: item.number(FailureReason) ?? 0,
    })),
  };
}

function readReference(item: Dataset): CommitmentInstance {
  return {
    SOPClassUID: item.text(ReferencedSOPClassUID) ?? "",
    SOPInstanceUID: item.text(ReferencedSOPInstanceUID) ?? "",
  };
}

/** The same as a dataset; a sequence without items is left out where the other has some. */
export function commitmentDataset({ transactionUid, references, failures }: Commitment): Dataset {
  const attributes: NewAttribute[] = [{ tag: TransactionUID, value: transactionUid }];
  if (failures.length > 0) {
    const items = failures.map((failure) =>
      buildDataset([...referenceAttributes(failure), { tag: FailureReason, value: failure.FailureReason }]),
    );
    attributes.push({ tag: FailedSOPSequence, value: items });
  }
  if (references.length > 0 || failures.length === 0) {
    attributes.push({
      tag: ReferencedSOPSequence,
      value: references.map((reference) => buildDataset(referenceAttributes(reference))),
    });
  }
  return buildDataset(attributes);
}

function referenceAttributes({ SOPClassUID, SOPInstanceUID }: CommitmentInstance): NewAttribute[] {
  return [
    { tag: ReferencedSOPClassUID, value: SOPClassUID },
    { tag: ReferencedSOPInstanceUID, value: SOPInstanceUID },
  ];
}
