import { buildDataset } from "../../dicom/build-dataset.ts";
import type { Dataset } from "../../dicom/dataset.ts";
import { explicitLittleEndian } from "../../dicom/transfer-syntaxes.ts";
import { generateUid } from "../../dicom/uid.ts";
import { fileHead } from "../../dicom/write.ts";
import { recordBytes } from "./record-bytes.ts";
import { recordsBytes, type DirectoryRecord } from "./directory-records.ts";
import {
  extendedKeys,
  patientRecord,
  privateType,
  recordTypeOf,
  seriesRecord,
  studyRecord,
  type RecordKey,
  type RecordType,
} from "./record-types.ts";

/** A file of a medium, as its directory has to know it. */
export interface MediaFile {
  /** Components of its path (PS3.10 §8.2): eight characters at most each. */
  readonly path: readonly string[];
  readonly dataset: Dataset;
  readonly hasPixelData: boolean;
  /** Of the file on the medium, which may be a transcoded one. */
  readonly SOPInstanceUID: string;
  readonly transferSyntaxUID: string;
}

/** The directory of a medium, while it is gathered: small records only, no datasets. */
export interface MediaDirectory {
  /**
   * Keeps a place for a file in the tree, behind those that have one. `ids` tell the patient, study and series that it belongs to. The
   * place may be filled later, in any order; one that is not does not appear.
   */
  place(ids: readonly [patient: string, study: string, series: string]): (file: MediaFile) => void;
  /** The DICOMDIR (PS3.10 §8.6), in pieces. */
  file(): Generator<Buffer, void, void>;
}

/** A patient, study or series: its record is made from the first of its files that comes. */
interface Branch {
  readonly number: number;
  readonly branches: Map<string, Branch>;
  /** Records of its files; undefined: a place that is not filled. */
  readonly files: (Buffer | undefined)[];
  bytes: Buffer | undefined;
}

const mediaStorageDirectory = "1.2.840.10008.1.3.10";
const fileSetId = "GREYHAVEN_MEDIA";
const sopClassUid = 0x00080016;
const upperTypes = [patientRecord, studyRecord, seriesRecord];

/** An empty directory; `extended`: with more keys than the standard asks for. */
export function createMediaDirectory({ extended }: { readonly extended: boolean }): MediaDirectory {
  const root = branch(0);
  const keysOf = ({ name, keys }: RecordType): readonly RecordKey[] =>
    extended ? [...keys, ...(extendedKeys[name] ?? [])] : keys;
  return {
    place(ids) {
      const above: Branch[] = [];
      for (const id of ids) above.push(branchOf(above.at(-1) ?? root, id));
      const { files } = above.at(-1) ?? root;
      const number = files.push(undefined);
      return (file) => {
        for (const [at, type] of upperTypes.entries()) {
          const upper = above[at];
          if (upper === undefined || upper.bytes !== undefined) continue;
          const facts = [{ tag: 0x00041430, value: type.name }];
          upper.bytes = recordBytes(facts, keysOf(type), { file: file.dataset, number: upper.number });
        }
        files[number - 1] = fileRecord(file, number, keysOf);
      };
    },
    *file() {
      const identity = [
        { tag: sopClassUid, value: mediaStorageDirectory },
        { tag: 0x00080018, value: generateUid() },
      ];
      const head = fileHead({ dataset: buildDataset(identity) }, { transferSyntaxUID: explicitLittleEndian.uid });
      yield head;
      yield* recordsBytes(fileSetId, recordsBelow(root), head.length);
    },
  };
}

function branch(number: number): Branch {
  return { number, branches: new Map(), files: [], bytes: undefined };
}

function branchOf({ branches }: Branch, id: string): Branch {
  const known = branches.get(id);
  if (known !== undefined) return known;
  const added = branch(branches.size + 1);
  branches.set(id, added);
  return added;
}

function recordsBelow({ branches, files }: Branch): DirectoryRecord[] {
  const lower = [...branches.values()].map((below) => ({ bytes: below.bytes, children: recordsBelow(below) }));
  return [...lower, ...files.map((bytes) => ({ bytes, children: [] }))].flatMap(({ bytes, children }) =>
    bytes === undefined ? [] : [{ bytes, children }],
  );
}

function fileRecord(file: MediaFile, number: number, keysOf: (type: RecordType) => readonly RecordKey[]): Buffer {
  const { dataset, path, hasPixelData, SOPInstanceUID, transferSyntaxUID } = file;
  const sopClass = dataset.text(sopClassUid) ?? "";
  const type = recordTypeOf(sopClass, hasPixelData);
  const facts = [
    { tag: 0x00041430, value: type.name },
    ...(type.name === privateType ? [{ tag: 0x00041432, value: sopClass }] : []),
    { tag: 0x00041500, value: path },
    { tag: 0x00041510, value: sopClass },
    { tag: 0x00041511, value: SOPInstanceUID },
    { tag: 0x00041512, value: transferSyntaxUID },
  ];
  return recordBytes(facts, keysOf(type), { file: dataset, number });
}
