import type { Level } from "../catalog.ts";

/** Orthanc's numbers of the metadata that the catalog itself deals with. */
export const metadataNumbers = {
  IndexInSeries: 1,
  RemoteAET: 3,
  ExpectedNumberOfInstances: 4,
  LastUpdate: 7,
  SopClassUid: 10,
  MainDicomTagsSignature: 15,
} as const;

/** A metadata number that is kept in a column of the level's table. Others go to the table `metadata`, with a revision. */
export interface MetadataColumn {
  readonly metadata: number;
  readonly name: string;
}

const column = (metadata: number, name: string): MetadataColumn => ({ metadata, name });

const ofAncestors = [column(7, "lastUpdate"), column(15, "mainDicomTagsSignature"), column(16, "mainDicomSequences")];

export const metadataColumns: Readonly<Record<Level, readonly MetadataColumn[]>> = {
  Patient: ofAncestors,
  Study: ofAncestors,
  Series: [...ofAncestors, column(3, "remoteAET"), column(4, "expectedNumberOfInstances")],
  Instance: [
    column(1, "indexInSeries"),
    column(2, "receptionDate"),
    column(3, "remoteAET"),
    column(8, "origin"),
    column(9, "transferSyntax"),
    column(10, "sopClassUid"),
    column(11, "remoteIP"),
    column(12, "calledAET"),
    column(13, "httpUsername"),
    column(14, "pixelDataOffset"),
    column(15, "mainDicomTagsSignature"),
    column(16, "mainDicomSequences"),
    column(17, "pixelDataVR"),
  ],
};

/** The column of a metadata number at a level; undefined when it is kept in the table `metadata`. */
export function metadataColumn(level: Level, metadata: number): MetadataColumn | undefined {
  return metadataColumns[level].find((column) => column.metadata === metadata);
}
