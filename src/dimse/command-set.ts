import type { Tag } from "../dicom/tag.ts";

/** The elements of a command set (PS3.7 §E.1) by keyword; those that a message does not have are absent. */
export interface CommandSet {
  readonly AffectedSOPClassUID?: string;
  readonly RequestedSOPClassUID?: string;
  readonly CommandField: number;
  readonly MessageID?: number;
  readonly MessageIDBeingRespondedTo?: number;
  readonly MoveDestination?: string;
  readonly Priority?: number;
  /** 0x0101: no dataset follows (PS3.7 §E.1-1). */
  readonly CommandDataSetType: number;
  readonly Status?: number;
  readonly OffendingElement?: readonly Tag[];
  readonly ErrorComment?: string;
  readonly ErrorID?: number;
  readonly AffectedSOPInstanceUID?: string;
  readonly RequestedSOPInstanceUID?: string;
  readonly EventTypeID?: number;
  readonly AttributeIdentifierList?: readonly Tag[];
  readonly ActionTypeID?: number;
  readonly NumberOfRemainingSuboperations?: number;
  readonly NumberOfCompletedSuboperations?: number;
  readonly NumberOfFailedSuboperations?: number;
  readonly NumberOfWarningSuboperations?: number;
  readonly MoveOriginatorApplicationEntityTitle?: string;
  readonly MoveOriginatorMessageID?: number;
}

/** Values of Command Field (0000,0100) (PS3.7 §E.1-1). A response has bit 15 set. */
export const commandFields = {
  "C-STORE-RQ": 0x0001,
  "C-STORE-RSP": 0x8001,
  "C-GET-RQ": 0x0010,
  "C-GET-RSP": 0x8010,
  "C-FIND-RQ": 0x0020,
  "C-FIND-RSP": 0x8020,
  "C-MOVE-RQ": 0x0021,
  "C-MOVE-RSP": 0x8021,
  "C-ECHO-RQ": 0x0030,
  "C-ECHO-RSP": 0x8030,
  "N-EVENT-REPORT-RQ": 0x0100,
  "N-EVENT-REPORT-RSP": 0x8100,
  "N-GET-RQ": 0x0110,
  "N-GET-RSP": 0x8110,
  "N-SET-RQ": 0x0120,
  "N-SET-RSP": 0x8120,
  "N-ACTION-RQ": 0x0130,
  "N-ACTION-RSP": 0x8130,
  "N-CREATE-RQ": 0x0140,
  "N-CREATE-RSP": 0x8140,
  "N-DELETE-RQ": 0x0150,
  "N-DELETE-RSP": 0x8150,
  "C-CANCEL-RQ": 0x0fff,
} as const;
export type CommandName = keyof typeof commandFields;

/** Command Data Set Type of a message without a dataset. */
export const noDataset = 0x0101;

/** Command Data Set Type of a message with one: anything else. */
export const withDataset = 0x0000;

/** The bit of Command Field that makes a request its response. */
export const responseBit = 0x8000;
