import type { MD5Sums } from "../archive/attachment-sums.ts";
import type { RequestedTags } from "../archive/find.ts";
import type { Attachment, FoundResource, Metadata } from "../catalog/catalog.ts";
import { levelRows } from "./levels.ts";
import { type NumberedNames, systemAttachments, systemMetadata } from "./numbered-names.ts";
import type { ResourceFormat } from "./resource-format.ts";
import { requestedTagsJson } from "./requested-tags-json.ts";
import { parseInstanceNumber, seriesStatus } from "./series-status.ts";
import type { TagPrinter } from "./tag-json.ts";

type Json = Record<string, unknown>;

/** What the description of a resource needs to know by name. */
export interface ResourcePrinter {
  readonly tags: TagPrinter;
  readonly metadataNames: NumberedNames;
}

/** Orthanc's description, without `Attachments`, of a resource that was found with `includeFor(level, format)`. */
export function resourceJson(
  resource: FoundResource,
  format: ResourceFormat,
  printer: ResourcePrinter,
  requestedTags?: RequestedTags,
): Json {
  const json: Json = { ID: resource.publicId, Type: resource.level };
  if (requestedTags !== undefined) json["RequestedTags"] = requestedTagsJson(requestedTags, format.tags);
  addRelatives(json, resource);
  addMainDicomTags(json, resource, format, printer.tags);
  addStatus(json, resource, format);
  const { labels, metadata } = resource;
  if (labels !== undefined) json["Labels"] = labels;
  if (metadata !== undefined && format.sections.has("Metadata")) {
    json["Metadata"] = metadataJson(metadata, printer.metadataNames);
  }
  if (format.classical) addClassicalParts(json, resource);
  return json;
}

/** Metadata as name → value. */
export function metadataJson(metadata: Metadata, names: NumberedNames): Json {
  return Object.fromEntries(Object.entries(metadata).map(([number, value]) => [names.nameOf(Number(number)), value]));
}

/** An attachment as `…/info` prints it. */
export function attachmentJson(attachment: Attachment, { uncompressed, compressed }: MD5Sums): Json {
  return {
    Uuid: attachment.uuid,
    ContentType: attachment.type,
    UncompressedSize: attachment.uncompressedSize,
    CompressedSize: attachment.compressedSize,
    UncompressedMD5: uncompressed,
    CompressedMD5: compressed,
  };
}

function addRelatives(json: Json, { level, ancestors, children }: FoundResource): void {
  const { parent, parentKey, childrenKey } = levelRows[level];
  if (parent !== undefined && parentKey !== undefined && ancestors !== undefined) json[parentKey] = ancestors[parent];
  if (childrenKey !== undefined && children !== undefined) json[childrenKey] = children;
}

function addMainDicomTags(json: Json, resource: FoundResource, format: ResourceFormat, print: TagPrinter): void {
  const { level, mainDicomTags } = resource;
  if (mainDicomTags === undefined) return;
  json["MainDicomTags"] = print(mainDicomTags[level] ?? {}, format.tags);
  if (level === "Study") json["PatientMainDicomTags"] = print(mainDicomTags.Patient ?? {}, format.tags);
}

function addStatus(json: Json, resource: FoundResource, format: ResourceFormat): void {
  const { level, status, indexesInSeries, metadata } = resource;
  if (status !== undefined && format.sections.has("IsStable")) json["IsStable"] = status.isStable;
  if (status !== undefined && level === "Patient" && format.sections.has("IsProtected")) {
    json["IsProtected"] = status.isProtected;
  }
  if (indexesInSeries !== undefined) {
    json["Status"] = seriesStatus(indexesInSeries, expectedNumberOfInstances(metadata));
  }
}

/** What only the classical description has. */
function addClassicalParts(json: Json, { level, status, metadata = {}, attachments = [] }: FoundResource): void {
  if (status !== undefined) json["LastUpdate"] = status.lastUpdate;
  const { AnonymizedFrom, ModifiedFrom, IndexInSeries } = systemMetadata;
  if (metadata[AnonymizedFrom] !== undefined) json["AnonymizedFrom"] = metadata[AnonymizedFrom];
  if (metadata[ModifiedFrom] !== undefined) json["ModifiedFrom"] = metadata[ModifiedFrom];
  if (level === "Series") json["ExpectedNumberOfInstances"] = expectedNumberOfInstances(metadata);
  if (level !== "Instance") return;
  json["IndexInSeries"] = parseInstanceNumber(metadata[IndexInSeries]);
  const file = attachments.find(({ type }) => type === systemAttachments.dicom);
  if (file === undefined) return;
  json["FileSize"] = file.uncompressedSize;
  json["FileUuid"] = file.uuid;
}

function expectedNumberOfInstances(metadata: Metadata = {}): number | null {
  return parseInstanceNumber(metadata[systemMetadata.ExpectedNumberOfInstances]);
}
