import { ServerError } from "../util/errors.ts";

/**
 * Names of things that Orthanc numbers (metadata, attachments): those of the system and, from 1024, those that the
 * administrator registered. Numbers without a name are spelled as numbers.
 */
export interface NumberedNames {
  nameOf(number: number): string;
  /** Reads a name or a number; throws InexistentItem when it is neither. */
  numberOf(text: string): number;
}

export const firstUserNumber = 1024;
const lastUserNumber = 65535;

/** Numbers below 1024 belong to the system; clients may only read them. */
export function isUserNumber(number: number): boolean {
  return number >= firstUserNumber && number <= lastUserNumber;
}

/** The names of `system` and `user`, which do not overlap. */
export function createNumberedNames(
  system: Readonly<Record<string, number>>,
  user: Readonly<Record<string, number>>,
): NumberedNames {
  const numbers = new Map(Object.entries({ ...user, ...system }));
  const names = new Map([...numbers].map(([name, number]) => [number, name]));
  return {
    nameOf: (number) => names.get(number) ?? String(number),
    numberOf(text) {
      const number = numbers.get(text) ?? (/^\d{1,5}$/.test(text) ? Number(text) : undefined);
      if (number === undefined || number > lastUserNumber) {
        throw new ServerError("InexistentItem", `"${text}" is neither a registered name nor a number up to 65535`);
      }
      return number;
    },
  };
}

/** Orthanc's metadata by number. */
export const systemMetadata = {
  IndexInSeries: 1,
  ReceptionDate: 2,
  RemoteAET: 3,
  ExpectedNumberOfInstances: 4,
  ModifiedFrom: 5,
  AnonymizedFrom: 6,
  LastUpdate: 7,
  Origin: 8,
  TransferSyntax: 9,
  SopClassUid: 10,
  RemoteIP: 11,
  CalledAET: 12,
  HttpUsername: 13,
  PixelDataOffset: 14,
  MainDicomTagsSignature: 15,
  MainDicomSequences: 16,
  PixelDataVR: 17,
} as const satisfies Record<string, number>;

/** Orthanc's attachments by number. */
export const systemAttachments = {
  dicom: 1,
  "dicom-as-json": 2,
  "dicom-until-pixel-data": 3,
} as const satisfies Record<string, number>;
