import type { Level, Metadata } from "../catalog/catalog.ts";
import type { Dataset } from "../dicom/dataset.ts";
import type { ParsedDicom } from "../dicom/parse.ts";
import type { Tag } from "../dicom/tag.ts";
import { transferSyntax } from "../dicom/transfer-syntaxes.ts";
import type { VR } from "../dicom/vr.ts";
import type { Origin } from "./archive.ts";
import { byLevel } from "./by-level.ts";
import type { Identity } from "./identify.ts";
import { mainSequences, type MainTags, type MainTagsByLevel } from "./main-tags.ts";
import { metadataNumbers as numbers } from "./metadata-numbers.ts";

const InstanceNumber: Tag = 0x00200013;
const ImageIndex: Tag = 0x00541330;
const BitsAllocated: Tag = 0x00280100;
const ImagesInAcquisition: Tag = 0x00201002;
const NumberOfTemporalPositions: Tag = 0x00200105;
const NumberOfSlices: Tag = 0x00540081;
const NumberOfTimeSlices: Tag = 0x00540101;
const CardiacNumberOfImages: Tag = 0x00181090;

/** An instance that came, read and identified. */
export interface Candidate extends Identity {
  readonly header: ParsedDicom;
  readonly origin: Origin;
  /** Metadata of the instance besides those made here. */
  readonly metadata?: Metadata | undefined;
}

/** The metadata that each level has from its first instance (behaviour §2.3). `receivedAt`: `YYYYMMDDTHHMMSS`. */
export function metadataOf(
  candidate: Candidate,
  tags: MainTagsByLevel,
  receivedAt: string,
): Readonly<Record<Level, Metadata>> {
  return byLevel((level) => {
    if (level === "Series") return seriesMetadata(candidate, tags.Series);
    if (level !== "Instance") return tagMetadata(candidate.header.dataset, tags[level]);
    return { ...instanceMetadata(candidate, tags.Instance, receivedAt), ...candidate.metadata };
  });
}

function tagMetadata(dataset: Dataset, tags: MainTags): Record<number, string> {
  const metadata: Record<number, string> = { [numbers.MainDicomTagsSignature]: tags.signature };
  set(metadata, numbers.MainDicomSequences, mainSequences(dataset, tags));
  return metadata;
}

function seriesMetadata({ header: { dataset }, origin }: Candidate, tags: MainTags): Metadata {
  const metadata = tagMetadata(dataset, tags);
  metadata[numbers.RemoteAET] = origin.remoteAet ?? "";
  set(metadata, numbers.ExpectedNumberOfInstances, expectedNumberOfInstances(dataset)?.toString());
  return metadata;
}

function instanceMetadata({ header, origin, uids }: Candidate, tags: MainTags, receivedAt: string): Metadata {
  const { dataset, transferSyntaxUID, pixelDataOffset } = header;
  const metadata = tagMetadata(dataset, tags);
  metadata[numbers.ReceptionDate] = receivedAt;
  metadata[numbers.RemoteAET] = origin.remoteAet ?? "";
  metadata[numbers.Origin] = origin.kind;
  metadata[numbers.TransferSyntax] = transferSyntaxUID;
  if (uids.SOPClassUID !== "") metadata[numbers.SopClassUid] = uids.SOPClassUID;
  set(metadata, numbers.RemoteIP, origin.remoteIp);
  set(metadata, numbers.CalledAET, origin.calledAet);
  set(metadata, numbers.HttpUsername, origin.username);
  set(metadata, numbers.PixelDataOffset, pixelDataOffset?.toString());
  set(metadata, numbers.PixelDataVR, unusualPixelDataVR(header));
  set(metadata, numbers.IndexInSeries, (dataset.text(InstanceNumber) ?? dataset.text(ImageIndex))?.trim());
  return metadata;
}

function set(metadata: Record<number, string>, number: number, value: string | undefined): void {
  if (value !== undefined) metadata[number] = value;
}

/** The VR of the pixel data where it is not what the transfer syntax makes one expect (PS3.5 Annex A). */
function unusualPixelDataVR({ dataset, transferSyntaxUID, pixelDataVR }: ParsedDicom): VR | undefined {
  if (pixelDataVR === undefined) return undefined;
  const syntax = transferSyntax(transferSyntaxUID);
  if (syntax === undefined) return pixelDataVR;
  const isBytes = syntax.encapsulated || (syntax.explicit && (dataset.number(BitsAllocated) ?? 16) <= 8);
  return pixelDataVR === (isBytes ? "OB" : "OW") ? undefined : pixelDataVR;
}

/** How many instances the series is going to have, where the modality says so. */
function expectedNumberOfInstances(dataset: Dataset): number | undefined {
  return (
    product(dataset, ImagesInAcquisition, NumberOfTemporalPositions) ??
    product(dataset, NumberOfSlices, NumberOfTimeSlices) ??
    positive(dataset.number(CardiacNumberOfImages))
  );
}

function product(dataset: Dataset, left: Tag, right: Tag): number | undefined {
  const first = dataset.number(left);
  return first === undefined ? undefined : positive(first * (dataset.number(right) ?? Number.NaN));
}

function positive(value: number | undefined): number | undefined {
  return value !== undefined && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}
