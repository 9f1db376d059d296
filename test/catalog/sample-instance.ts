import { randomUUID } from "node:crypto";
import type { Level, NewAttachment, NewInstance, StorePolicy, TagValues } from "../../src/catalog/catalog.ts";
import { hashIdentifiers } from "../../src/dicom/identifiers.ts";

export interface Sample {
  readonly patient?: string;
  readonly study?: string;
  readonly series?: string;
  readonly instance: string;
  readonly tags?: Partial<Readonly<Record<Level, TagValues>>>;
  readonly size?: number;
  readonly md5?: string;
  readonly sopClass?: string;
  readonly expected?: string;
  readonly index?: string;
  readonly receivedAt?: string;
}

/** Never replaced, no quotas. */
export const keep: StorePolicy = {
  overwrite: "Never",
  maximumStorageSize: 0,
  maximumPatientCount: 0,
  storageMode: "Recycle",
};

/** The file of an instance. */
export function dicomFile(size: number, md5 = "0".repeat(32)): NewAttachment {
  return {
    type: 1,
    uuid: randomUUID(),
    uncompressedSize: size * 2,
    compressedSize: size,
    uncompressedChecksum: md5,
    compressedChecksum: md5,
    compression: 1,
  };
}

/** An instance whose identifiers are short texts: study "1" of patient "P" by default, and so on. */
export function sampleInstance(sample: Sample): NewInstance {
  const { patient = "P", study = `${patient}.1`, series = `${study}.1`, instance, tags = {} } = sample;
  const identifiers = hashIdentifiers({
    PatientID: patient,
    StudyInstanceUID: study,
    SeriesInstanceUID: series,
    SOPInstanceUID: instance,
  });
  return {
    identifiers: { ...identifiers },
    mainDicomTags: {
      Patient: { "00100020": patient, ...tags.Patient },
      Study: { "0020000D": study, ...tags.Study },
      Series: { "0020000E": series, ...tags.Series },
      Instance: { "00080018": instance, ...tags.Instance },
    },
    metadata: {
      Patient: {},
      Study: {},
      Series: sample.expected === undefined ? {} : { 4: sample.expected },
      Instance: {
        2: "20260101T000000",
        8: "RestApi",
        10: sample.sopClass ?? "1.2.840.10008.5.1.4.1.1.2",
        ...(sample.index === undefined ? {} : { 1: sample.index }),
      },
    },
    attachments: [dicomFile(sample.size ?? 100, sample.md5)],
    receivedAt: sample.receivedAt ?? "20260102T030405",
  };
}
