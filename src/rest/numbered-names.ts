import { dicomAttachment, firstUserAttachment, metadataNumbers } from "../archive/metadata-numbers.ts";
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

const firstUserNumber = firstUserAttachment;
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
      const number = numbers.get(text) ?? (/^\d{1,9}$/.test(text) ? Number(text) : undefined);
      if (number === undefined) {
        throw new ServerError("InexistentItem", `"${text}" is neither a registered name nor a number`);
      }
      return number;
    },
  };
}

/** Orthanc's metadata by name. */
export const systemMetadata = {
  ...metadataNumbers,
  ModifiedFrom: 5,
  AnonymizedFrom: 6,
  LastUpdate: 7,
} as const satisfies Record<string, number>;

/** Orthanc's attachments by name. */
export const systemAttachments = {
  dicom: dicomAttachment,
  "dicom-as-json": 2,
  "dicom-until-pixel-data": 3,
} as const satisfies Record<string, number>;
