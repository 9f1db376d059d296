import type { Level } from "../catalog/catalog.ts";
import { explicitLittleEndian, implicitLittleEndian } from "../dicom/transfer-syntaxes.ts";
import type { ProposedContext } from "../dimse/connect.ts";

/** SOP classes of the services that are not storage (PS3.4 §A.4, §J.3.5, §K.6). */
export const verification = "1.2.840.10008.1.1";
export const modalityWorklistFind = "1.2.840.10008.5.1.4.31";
export const storageCommitment = "1.2.840.10008.1.20.1";
/** The well-known instance of the storage commitment service (PS3.4 §J.3.5). */
export const storageCommitmentInstance = "1.2.840.10008.1.20.1.1";

/** The SOP classes of an information model of the Query/Retrieve service (PS3.4 §C.6). */
export interface InformationModel {
  readonly find: string;
  readonly move: string;
  readonly get: string;
}

const patientRoot: InformationModel = {
  find: "1.2.840.10008.5.1.4.1.2.1.1",
  move: "1.2.840.10008.5.1.4.1.2.1.2",
  get: "1.2.840.10008.5.1.4.1.2.1.3",
};
const studyRoot: InformationModel = {
  find: "1.2.840.10008.5.1.4.1.2.2.1",
  move: "1.2.840.10008.5.1.4.1.2.2.2",
  get: "1.2.840.10008.5.1.4.1.2.2.3",
};

/** The models for requests at a level, in order of preference: the study root knows no patients. */
export function informationModels(level: Level): readonly InformationModel[] {
  return level === "Patient" ? [patientRoot] : [studyRoot, patientRoot];
}

/** Transfer syntaxes of messages without pixel data. */
export const messageSyntaxes = [explicitLittleEndian.uid, implicitLittleEndian.uid];

/** What every association for queries proposes, so that the next request, whatever it is, can use it again. */
export const controlContexts: readonly ProposedContext[] = [
  verification,
  patientRoot.find,
  studyRoot.find,
  patientRoot.move,
  studyRoot.move,
  modalityWorklistFind,
].map((abstractSyntax) => ({ abstractSyntax, transferSyntaxes: messageSyntaxes }));
