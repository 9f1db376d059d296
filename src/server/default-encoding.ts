import { SpecificCharacterSet } from "../dicom/charset.ts";
import type { DefaultEncoding } from "../rest/tools-routes.ts";

/** Orthanc's names of encodings and the defined terms of Specific Character Set (PS3.3 §C.12.1.1.2) that they stand for. */
const encodings: Readonly<Record<string, string>> = {
  Ascii: "ISO_IR 6",
  Utf8: "ISO_IR 192",
  Latin1: "ISO_IR 100",
  Latin2: "ISO_IR 101",
  Latin3: "ISO_IR 109",
  Latin4: "ISO_IR 110",
  Latin5: "ISO_IR 148",
  Cyrillic: "ISO_IR 144",
  Windows1251: "ISO_IR 144",
  Arabic: "ISO_IR 127",
  Greek: "ISO_IR 126",
  Hebrew: "ISO_IR 138",
  Thai: "ISO_IR 166",
  Japanese: "ISO_IR 13",
  Chinese: "GB18030",
  JapaneseKanji: "\\ISO 2022 IR 87",
  Korean: "\\ISO 2022 IR 149",
  SimplifiedChinese: "\\ISO 2022 IR 58",
};

/** The character set of files that declare none: `DefaultEncoding`, until `/tools/default-encoding` changes it. */
export interface LiveEncoding extends DefaultEncoding {
  charset(): SpecificCharacterSet;
}

export function createLiveEncoding(initial: string): LiveEncoding {
  let name = initial;
  let charset = charsetOf(initial);
  return {
    get: () => name,
    set: (wanted) => {
      if (!Object.hasOwn(encodings, wanted)) return false;
      name = wanted;
      charset = charsetOf(wanted);
      return true;
    },
    charset: () => charset,
  };
}

function charsetOf(name: string): SpecificCharacterSet {
  return SpecificCharacterSet.parse(encodings[name]);
}
