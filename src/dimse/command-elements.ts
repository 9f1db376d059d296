import type { Tag } from "../dicom/tag.ts";
import type { CommandSet } from "./command-set.ts";

export type CommandKeyword = keyof CommandSet;
export type CommandVr = "UI" | "US" | "AE" | "AT" | "LO";

export interface CommandElement {
  readonly tag: Tag;
  readonly vr: CommandVr;
}

/** PS3.7 Table E.1-1 in ascending order, without Command Group Length. */
export const commandElements: Readonly<Record<CommandKeyword, CommandElement>> = {
  AffectedSOPClassUID: { tag: 0x0002, vr: "UI" },
  RequestedSOPClassUID: { tag: 0x0003, vr: "UI" },
  CommandField: { tag: 0x0100, vr: "US" },
  MessageID: { tag: 0x0110, vr: "US" },
  MessageIDBeingRespondedTo: { tag: 0x0120, vr: "US" },
  MoveDestination: { tag: 0x0600, vr: "AE" },
  Priority: { tag: 0x0700, vr: "US" },
  CommandDataSetType: { tag: 0x0800, vr: "US" },
  Status: { tag: 0x0900, vr: "US" },
  OffendingElement: { tag: 0x0901, vr: "AT" },
  ErrorComment: { tag: 0x0902, vr: "LO" },
  ErrorID: { tag: 0x0903, vr: "US" },
  AffectedSOPInstanceUID: { tag: 0x1000, vr: "UI" },
  RequestedSOPInstanceUID: { tag: 0x1001, vr: "UI" },
  EventTypeID: { tag: 0x1002, vr: "US" },
  AttributeIdentifierList: { tag: 0x1005, vr: "AT" },
  ActionTypeID: { tag: 0x1008, vr: "US" },
  NumberOfRemainingSuboperations: { tag: 0x1020, vr: "US" },
  NumberOfCompletedSuboperations: { tag: 0x1021, vr: "US" },
  NumberOfFailedSuboperations: { tag: 0x1022, vr: "US" },
  NumberOfWarningSuboperations: { tag: 0x1023, vr: "US" },
  MoveOriginatorApplicationEntityTitle: { tag: 0x1030, vr: "AE" },
  MoveOriginatorMessageID: { tag: 0x1031, vr: "US" },
};

export const commandGroupLength: Tag = 0x0000;
