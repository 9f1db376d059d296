import type { InstanceUids } from "../archive/archive.ts";
import type { JsonModel, JsonModelAttribute } from "../dicom/json-model.ts";
import { resourceUrl } from "./base-url.ts";

/** Failure Reason (0008,1197) as Orthanc gives it. */
export const failureReasons = {
  /** No DICOM, or without the identifiers. */
  cannotUnderstand: 0xc000,
  /** Of another study than the URL says, or anything else that went wrong. */
  processingFailure: 0x0110,
  outOfResources: 0xa700,
} as const;
export type FailureReason = keyof typeof failureReasons;

/** What became of one part of a request. */
export type StowItem =
  | { readonly stored: true; readonly uids: InstanceUids }
  | {
      readonly stored: false;
      readonly reason: FailureReason;
      /** Of another study than the URL says. */
      readonly wrongStudy: boolean;
      /** Undefined where they could not be read. */
      readonly uids: InstanceUids | undefined;
    };

/** The HTTP status: bad syntax goes before a wrong study, that before the failure of all, that before the failure of some. */
export function stowStatus(items: readonly StowItem[]): number {
  const failed = items.filter((item) => !item.stored);
  if (failed.some(({ reason }) => reason === "cannotUnderstand")) return 400;
  if (failed.some(({ wrongStudy }) => wrongStudy)) return 409;
  if (failed.length === 0) return 200;
  return failed.length === items.length ? 400 : 202;
}

/** The dataset of the answer in the DICOM JSON model (PS3.18 Table 10.5.3-1). */
export function stowDataset(items: readonly StowItem[], base: string): JsonModel {
  const stored = items.filter((item) => item.stored);
  const failed = items.filter((item) => !item.stored);
  const [first] = stored;
  return {
    ...(first === undefined
      ? {}
      : { "00081190": url(resourceUrl(base, { StudyInstanceUID: first.uids.StudyInstanceUID })) }),
    ...(failed.length === 0
      ? {}
      : {
          "00081198": {
            vr: "SQ",
            Value: failed.map(({ uids, reason }) => ({
              ...references(uids),
              "00081197": { vr: "US", Value: [failureReasons[reason]] },
            })),
          },
        }),
    "00081199": {
      vr: "SQ",
      ...(stored.length === 0
        ? {}
        : { Value: stored.map(({ uids }) => ({ ...references(uids), "00081190": url(resourceUrl(base, uids)) })) }),
    },
  };
}

function references(uids: InstanceUids | undefined): JsonModel {
  return uids === undefined
    ? {}
    : {
        "00081150": { vr: "UI", Value: [uids.SOPClassUID] },
        "00081155": { vr: "UI", Value: [uids.SOPInstanceUID] },
      };
}

function url(value: string): JsonModelAttribute {
  return { vr: "UR", Value: [value] };
}
