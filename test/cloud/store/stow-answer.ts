import type { Reply } from "../http/exchange.ts";
import type { InstanceUids } from "./dicom-store.ts";
import { sequence, strings, type JsonDataset } from "./json-dataset.ts";
import type { StoreRequest } from "./store-request.ts";
import { nativeDicomModel } from "./xml-dataset.ts";

/** What became of one instance; stored without a problem. */
export interface InstanceResult {
  readonly uids: Partial<InstanceUids>;
  readonly SOPClassUID?: string;
  readonly problem?: string;
}

/** Google's only FailureReason: processing failure. */
const processingFailure = 0x0110;

/** The Store Instances Response Module (PS3.18 §10.5.3): 200 when all were stored, else 409. */
export function stowAnswer(request: StoreRequest, results: readonly InstanceResult[], type: string): Reply {
  const stored = results.filter((result) => result.problem === undefined);
  const failed = results.filter((result) => result.problem !== undefined);
  const study = stored[0]?.uids.StudyInstanceUID ?? failed[0]?.uids.StudyInstanceUID ?? request.selection.study;
  const withUids = request.settings.current().failedItemsHaveUids;
  const dataset: JsonDataset = {
    ...(study === undefined ? {} : { "00081190": strings("UR", `${request.baseUrl}/studies/${study}`) }),
    ...(failed.length === 0 ? {} : { "00081198": sequence(failed.map((result) => failedItem(result, withUids))) }),
    ...(stored.length === 0 ? {} : { "00081199": sequence(stored.map((result) => storedItem(result, request))) }),
  };
  const xml = type === "application/dicom+xml";
  return {
    status: failed.length === 0 ? 200 : 409,
    headers: { "content-type": xml ? type : `${type}; charset=utf-8` },
    body: xml ? nativeDicomModel(dataset) : JSON.stringify(dataset),
  };
}

function storedItem({ uids, SOPClassUID = "" }: InstanceResult, request: StoreRequest): JsonDataset {
  const path = `studies/${uids.StudyInstanceUID}/series/${uids.SeriesInstanceUID}/instances/${uids.SOPInstanceUID}`;
  return {
    "00081150": strings("UI", SOPClassUID),
    "00081155": strings("UI", uids.SOPInstanceUID ?? ""),
    "00081190": strings("UR", `${request.baseUrl}/${path}`),
  };
}

function failedItem({ uids, SOPClassUID, problem = "" }: InstanceResult, withUids: boolean): JsonDataset {
  const named = withUids && uids.SOPInstanceUID !== undefined && uids.SOPInstanceUID !== "";
  return {
    ...(named && SOPClassUID !== undefined ? { "00081150": strings("UI", SOPClassUID) } : {}),
    ...(named ? { "00081155": strings("UI", uids.SOPInstanceUID ?? "") } : {}),
    "00081197": { vr: "US", Value: [processingFailure] },
    "00090010": strings("LO", "GOOGLE"),
    // FailureDetail in XML, FailureDetailJSON in JSON: the same element of Google's private block.
    "00091097": strings("LT", problem),
  };
}
