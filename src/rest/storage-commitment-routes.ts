import type { Archive } from "../archive/archive.ts";
import { metadataNumbers } from "../archive/metadata-numbers.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { generateUid } from "../dicom/uid.ts";
import { emptyObject, json } from "../http/reply.ts";
import type { HttpRequest, Reply, Route } from "../http/route.ts";
import type { CommitmentInstance, StorageCommitmentReport } from "../remotes/storage-commitment-reports.ts";
import { type CommitmentScuParts, requestCommitment } from "../remotes/storage-commitment-scu.ts";
import { stowResources } from "../remotes/stow-resources.ts";
import { ServerError } from "../util/errors.ts";
import { isObject } from "./body-fields.ts";
import { commitmentReportJson } from "./storage-commitment-json.ts";
import {
  type ModalityParts,
  namedModality,
  readModalityFields,
  remoteOf,
  remoteParameters,
} from "./modality-request.ts";

export interface CommitmentRoutesParts extends ModalityParts {
  readonly archive: Pick<Archive, "remove">;
  readonly catalog: Pick<Catalog, "find" | "levelOf" | "lookup">;
  readonly commitment: CommitmentScuParts;
}

const tag = "Networking";
const sopInstanceUid = "00080018";

/** Storage commitment as its user (PS3.4 §J). */
export function storageCommitmentRoutes(parts: CommitmentRoutesParts): readonly Route[] {
  return [
    {
      method: "POST",
      path: "/modalities/{id}/storage-commitment",
      tag,
      summary: "Ask a modality to commit itself to keeping instances",
      parameters: [
        { name: "Resources", in: "body", type: "array", summary: "Ids of resources of this server" },
        { name: "DicomInstances", in: "body", type: "array", summary: "Pairs of SOPClassUID and SOPInstanceUID" },
        ...remoteParameters,
      ],
      handle: (request) => askForCommitment(parts, request),
    },
    {
      method: "GET",
      path: "/storage-commitment/{id}",
      tag,
      summary: "What became of a storage commitment",
      handle: (request) => json(commitmentReportJson(reportOf(parts, request))),
    },
    {
      method: "POST",
      path: "/storage-commitment/{id}/remove",
      tag,
      summary: "Remove the instances that a modality has committed itself to keep",
      writes: true,
      handle: (request) => removeCommitted(parts, request),
    },
  ];
}

async function askForCommitment(parts: CommitmentRoutesParts, request: HttpRequest): Promise<Reply> {
  const fields = await readModalityFields(request, { empty: undefined });
  const ids = fields.strings("Resources");
  const pairs = fields.array("DicomInstances");
  if (ids === undefined && pairs === undefined) {
    throw new ServerError("BadFileFormat", 'Field "Resources" or "DicomInstances" is needed');
  }
  const instances = [...(await storedInstances(parts, ids ?? [])), ...(pairs ?? []).map(readInstance)];
  const { modality } = namedModality(parts, request);
  const transactionUid = generateUid();
  await requestCommitment(parts.commitment, remoteOf(parts, modality, fields), transactionUid, instances);
  return json({ ID: transactionUid, Path: `/storage-commitment/${transactionUid}` });
}

async function storedInstances(
  { catalog }: CommitmentRoutesParts,
  ids: readonly string[],
): Promise<readonly CommitmentInstance[]> {
  const { instances } = await stowResources(catalog, ids);
  if (instances.length === 0) return [];
  const include = { mainDicomTags: ["Instance"], metadata: true } as const;
  const found = await catalog.find({ level: "Instance", publicIds: instances, include });
  return found.map(({ metadata, mainDicomTags }) => ({
    SOPClassUID: metadata?.[metadataNumbers.SopClassUid] ?? "",
    SOPInstanceUID: mainDicomTags?.Instance?.[sopInstanceUid] ?? "",
  }));
}

/** `[SOPClassUID, SOPInstanceUID]`, or an object of them. Throws `BadFileFormat`. */
function readInstance(entry: unknown): CommitmentInstance {
  const { SOPClassUID, SOPInstanceUID } = isObject(entry) ? entry : pairOf(entry);
  if (typeof SOPClassUID === "string" && typeof SOPInstanceUID === "string") return { SOPClassUID, SOPInstanceUID };
  throw new ServerError("BadFileFormat", '"DicomInstances" must hold pairs of SOPClassUID and SOPInstanceUID');
}

function pairOf(entry: unknown): Readonly<Record<string, unknown>> {
  if (!Array.isArray(entry) || entry.length !== 2) return {};
  const [SOPClassUID, SOPInstanceUID]: readonly unknown[] = entry;
  return { SOPClassUID, SOPInstanceUID };
}

/** Throws `InexistentItem`. */
function reportOf(
  { commitment }: CommitmentRoutesParts,
  { parameters: { id = "" } }: HttpRequest,
): StorageCommitmentReport {
  const report = commitment.reports.get(id);
  if (report === undefined) throw new ServerError("InexistentItem", `there is no storage commitment transaction ${id}`);
  return report;
}

async function removeCommitted(parts: CommitmentRoutesParts, request: HttpRequest): Promise<Reply> {
  const { result } = reportOf(parts, request);
  if (result === undefined || result.failures.length > 0) {
    throw new ServerError(
      "BadSequenceOfCalls",
      "only after a storage commitment without failures instances are removed",
    );
  }
  for (const { SOPInstanceUID } of result.success) {
    for (const { level, publicId } of await parts.catalog.lookup(SOPInstanceUID)) {
      if (level === "Instance") await parts.archive.remove(publicId, level);
    }
  }
  return emptyObject();
}
