import { describe, expect, it } from "vitest";
import { buildDataset, type NewAttribute } from "../../dicom/build-dataset.ts";
import { Dataset, type Element } from "../../dicom/dataset.ts";
import { toJsonModel } from "../../dicom/json-model.ts";
import { parseDicom } from "../../dicom/parse.ts";
import type { Tag } from "../../dicom/tag.ts";
import { isValidUid } from "../../dicom/uid.ts";
import { writeDicom } from "../../dicom/write.ts";
import type { Level } from "../../catalog/catalog.ts";
import { modifyDataset } from "./apply.ts";
import { type Identifiers, seededIdentifiers } from "./identifiers.ts";
import { planModification } from "./plan.ts";
import type { ModificationRequest } from "./request.ts";

const bigEndian = "1.2.840.10008.1.2.2";

/** Identifiers that show what they were made of. */
const marked: Identifiers = { uid: (original) => `${original}.99`, patientId: (original) => `new ${original}` };

const nothing: ModificationRequest = {
  replace: {},
  remove: [],
  keep: [],
  removePrivateTags: false,
  privateCreator: "",
};
const anonymization = { profile: "2023b", patientName: "Anonymized1", software: "Greyhaven 1" } as const;

function modify(dataset: Dataset, request: Partial<ModificationRequest>, level: Level = "Instance"): Dataset {
  return modifyDataset(
    dataset,
    planModification({ ...nothing, ...request }, level)(dataset.text(0x00080016) ?? ""),
    marked,
  );
}

function anonymize(dataset: Dataset, request: Partial<ModificationRequest> = {}): Dataset {
  return modify(dataset, { removePrivateTags: true, anonymization, ...request });
}

const item = (...attributes: NewAttribute[]): Dataset => buildDataset(attributes);

const tags = {
  specificCharacterSet: 0x00080005,
  sopInstanceUid: 0x00080018,
  studyDate: 0x00080020,
  accessionNumber: 0x00080050,
  institutionName: 0x00080080,
  referencedImages: 0x00081140,
  referencedInstance: 0x00081155,
  patientName: 0x00100010,
  patientId: 0x00100020,
  birthDate: 0x00100030,
  comments: 0x00104000,
  studyUid: 0x0020000d,
  seriesUid: 0x0020000e,
  frameOfReference: 0x00200052,
} as const satisfies Record<string, Tag>;

const reference = item(
  { tag: tags.sopInstanceUid, value: "1.2.3" },
  { tag: tags.studyDate, value: "20200103" },
  { tag: tags.institutionName, value: "Ward" },
  { tag: tags.referencedInstance, value: "1.2.4" },
  { tag: 0x00090010, value: "ACME" },
  { tag: 0x00091001, vr: "LO", value: "deep" },
  { tag: tags.patientName, value: "Deep^Name" },
  { tag: tags.patientId, value: "ID1" },
  { tag: tags.studyUid, value: "1.2" },
);

const example = buildDataset([
  { tag: 0x00080016, value: "1.2.840.10008.5.1.4.1.1.7" },
  { tag: tags.sopInstanceUid, value: "1.2.3" },
  { tag: tags.studyDate, value: "20200102" },
  { tag: tags.accessionNumber, value: "A1" },
  { tag: tags.institutionName, value: "Hospital" },
  { tag: tags.referencedImages, value: [reference, item({ tag: tags.referencedInstance, value: "1.2.5" })] },
  { tag: 0x00083010, value: ["1.7", "1.8"] },
  { tag: 0x00090010, value: "ACME" },
  { tag: 0x00091001, vr: "LO", value: "secret" },
  { tag: tags.patientName, value: "Doe^Jane" },
  { tag: tags.patientId, value: "ID1" },
  { tag: tags.birthDate, value: "19700101" },
  { tag: tags.studyUid, value: "1.2" },
  { tag: tags.seriesUid, value: "1.2.1" },
  { tag: tags.frameOfReference, value: "1.5" },
  { tag: 0x60000010, value: 8 },
  { tag: 0x60003000, vr: "OW", value: Buffer.of(1, 2) },
]);

describe("a modification", () => {
  it("makes the identifiers of its level and those below new, and nothing else", () => {
    const uids = (level: Level): (string | undefined)[] => {
      const modified = modify(example, {}, level);
      return [tags.studyUid, tags.seriesUid, tags.sopInstanceUid].map((tag) => modified.text(tag));
    };
    expect(uids("Instance")).toEqual(["1.2", "1.2.1", "1.2.3.99"]);
    expect(uids("Series")).toEqual(["1.2", "1.2.1.99", "1.2.3.99"]);
    expect(uids("Study")).toEqual(["1.2.99", "1.2.1.99", "1.2.3.99"]);
    expect(uids("Patient")).toEqual(["1.2.99", "1.2.1.99", "1.2.3.99"]);
    const { "00080018": _, ...rest } = toJsonModel(modify(example, {}));
    const { "00080018": before, ...others } = toJsonModel(example);
    expect(before).toBeDefined();
    expect(rest).toEqual(others);
  });

  it("keeps identifiers that it is told to keep, and sets those that it is given", () => {
    const modified = modify(
      example,
      { keep: ["SeriesInstanceUID", "0008,0018"], replace: { StudyInstanceUID: "7.7" } },
      "Study",
    );
    expect(modified.text(tags.studyUid)).toBe("7.7");
    expect(modified.text(tags.seriesUid)).toBe("1.2.1");
    expect(modified.text(tags.sopInstanceUid)).toBe("1.2.3");
  });

  it("removes and replaces, in sequences too", () => {
    const modified = modify(example, {
      remove: ["AccessionNumber", "ReferencedImageSequence[0].PatientName", "60xx,3000"],
      replace: {
        PatientComments: "new",
        StudyDate: null,
        "ReferencedImageSequence[*].ReferencedSOPInstanceUID": "9.9",
        "ReferencedImageSequence[1].StudyDescription": "second",
        "ReferencedImageSequence[7].StudyDescription": "nowhere",
        RequestAttributesSequence: [{ ScheduledProcedureStepID: "S1" }],
      },
    });
    expect(modified.has(tags.accessionNumber)).toBe(false);
    expect(modified.has(0x60003000)).toBe(false);
    expect(modified.has(0x60000010)).toBe(true);
    expect(modified.text(tags.studyDate)).toBe("");
    expect(modified.text(tags.comments)).toBe("new");
    const [first, second] = modified.items(tags.referencedImages);
    expect(first?.has(tags.patientName)).toBe(false);
    expect(first?.text(tags.referencedInstance)).toBe("9.9");
    expect(second?.text(tags.referencedInstance)).toBe("9.9");
    expect([first?.has(0x00081030), second?.text(0x00081030)]).toEqual([false, "second"]);
    expect(modified.items(0x00400275)[0]?.text(0x00400009)).toBe("S1");
  });

  it("prefers Keep to Replace, and Replace to Remove", () => {
    const both = { remove: ["PatientName"], replace: { PatientName: "New" } };
    expect(modify(example, both).text(tags.patientName)).toBe("New");
    expect(modify(example, { ...both, keep: ["PatientName"] }).text(tags.patientName)).toBe("Doe^Jane");
  });

  it("removes private attributes but for those that are kept, with their creator", () => {
    const more = buildDataset([
      { tag: 0x00090010, value: "ACME" },
      { tag: 0x00091001, vr: "LO", value: "a" },
      { tag: 0x00091002, vr: "LO", value: "b" },
      { tag: 0x00110010, value: "OTHER" },
    ]);
    const kept = modify(more, { removePrivateTags: true, keep: ["0009,1001"] });
    expect([...kept].map(({ tag }) => tag)).toEqual([0x00090010, 0x00091001]);
  });

  it("writes what it replaces in the byte order of the dataset", () => {
    const file = writeDicom({ dataset: example }, { transferSyntaxUID: bigEndian });
    const modified = modify(parseDicom(file).dataset, { replace: { Rows: 258, "0018,9073": "1.5" } });
    const written = parseDicom(writeDicom({ dataset: modified }, { transferSyntaxUID: bigEndian })).dataset;
    expect(written.get(0x00280010)?.value).toEqual(Buffer.of(1, 2));
    expect(written.number(0x00189073)).toBe(1.5);
  });

  it("leaves values in their file", () => {
    const left: Element = { tag: 0x7fe00010, vr: "OW", offset: 4711, length: 99 };
    const modified = modify(new Dataset([...example, left], true), { replace: { PatientComments: "x" } });
    expect(modified.get(0x7fe00010)).toBe(left);
  });
});

const creators = (dataset: Dataset): (string | undefined)[] =>
  [0x00090010, 0x00090011, 0x00090012].map((tag) => dataset.text(tag));

describe("private attributes that are replaced", () => {
  it("go to the block of their creator, which may be another (PS3.5 §7.8.1)", () => {
    const two = buildDataset([
      { tag: 0x00090010, value: "ACME" },
      { tag: 0x00090011, value: "MINE" },
    ]);
    const modified = modify(two, { replace: { "0009,1001": "x" }, privateCreator: "MINE" });
    expect(creators(modified)).toEqual(["ACME", "MINE", undefined]);
    expect([modified.text(0x00091001), modified.text(0x00091101)]).toEqual([undefined, "x"]);
  });

  it("reserve a free block where their creator has none", () => {
    const modified = modify(example, { replace: { "0009,1001": "x" }, privateCreator: "MINE" });
    expect(creators(modified)).toEqual(["ACME", "MINE", undefined]);
    expect([modified.text(0x00091001), modified.text(0x00091101)]).toEqual(["secret", "x"]);
  });

  it("belong to who has reserved their block when nothing else is said, with the VR of the dictionary", () => {
    const philips = buildDataset([{ tag: 0x20010010, value: "Philips Imaging DD 001" }]);
    const modified = modify(philips, { replace: { "2001,1003": "1.5" } });
    expect(modified.get(0x20011003)).toMatchObject({ vr: "FL", length: 4 });
    expect(modify(example, { replace: { "0009,1002": "y" } }).text(0x00091002)).toBe("y");
  });

  it("are written without a creator where there is none, as Orthanc does", () => {
    const modified = modify(example, { replace: { "0011,1001": "y" } });
    expect([modified.has(0x00110010), modified.text(0x00111001)]).toEqual([false, "y"]);
  });
});

describe("the character set", () => {
  const latin = buildDataset([
    { tag: tags.specificCharacterSet, value: "ISO_IR 100" },
    { tag: tags.patientName, value: "Müller" },
    {
      tag: tags.referencedImages,
      value: [
        item({ tag: tags.specificCharacterSet, value: "ISO_IR 144" }, { tag: tags.patientName, value: "Люкceмбypг" }),
      ],
    },
  ]);

  it("stays where it has the characters of the new values", () => {
    const modified = modify(latin, { replace: { PatientComments: "é" } });
    expect(modified.text(tags.specificCharacterSet)).toBe("ISO_IR 100");
    expect(modified.get(tags.comments)?.value).toEqual(Buffer.from("é ", "latin1"));
    expect(modified.get(tags.patientName)?.value).toEqual(latin.get(tags.patientName)?.value);
  });

  it.each([
    ["where it is replaced", { SpecificCharacterSet: "ISO_IR 192" }],
    ["where it lacks a character", { PatientComments: "日本" }],
  ])("becomes UTF-8 %s, and all text with it", (_, replace) => {
    const modified = modify(latin, { replace });
    expect(modified.text(tags.specificCharacterSet)).toBe("ISO_IR 192");
    expect(modified.get(tags.patientName)?.value?.toString("utf8").trim()).toBe("Müller");
    const [inner] = modified.items(tags.referencedImages);
    expect(inner?.has(tags.specificCharacterSet)).toBe(false);
    expect(inner?.get(tags.patientName)?.value?.toString("utf8").trim()).toBe("Люкceмбypг");
    expect(modified.text(tags.comments)).toBe("PatientComments" in replace ? "日本" : undefined);
  });

  it.each([
    ["KLINGON", "is not supported"],
    ["ISO_IR 144", '"é" cannot be written in ISO_IR 144'],
  ])("is not replaced by %s", (SpecificCharacterSet, details) => {
    expect(() => modify(latin, { replace: { SpecificCharacterSet, PatientComments: "é" } })).toThrow(
      expect.objectContaining({ errorName: "ParameterOutOfRange", details: expect.stringContaining(details) }),
    );
  });
});

describe("an anonymisation", () => {
  it("follows its profile, also in sequences (PS3.15 §E.1.1)", () => {
    expect(toJsonModel(anonymize(example))).toEqual({
      "00080016": { vr: "UI", Value: ["1.2.840.10008.5.1.4.1.1.7"] },
      "00080018": { vr: "UI", Value: ["1.2.3.99"] },
      "00080020": { vr: "DA" },
      "00080050": { vr: "SH" },
      "00081140": {
        vr: "SQ",
        Value: [
          {
            "00080018": { vr: "UI", Value: ["1.2.3.99"] },
            "00080020": { vr: "DA" },
            "00081155": { vr: "UI", Value: ["1.2.4.99"] },
            "00100010": { vr: "PN" },
            "00100020": { vr: "LO", Value: ["new ID1"] },
            "0020000D": { vr: "UI", Value: ["1.2.99"] },
          },
          { "00081155": { vr: "UI", Value: ["1.2.5.99"] } },
        ],
      },
      "00083010": { vr: "UI", Value: ["1.7.99", "1.8.99"] },
      "00100010": { vr: "PN", Value: [{ Alphabetic: "Anonymized1" }] },
      "00100020": { vr: "LO", Value: ["new ID1"] },
      "00100030": { vr: "DA" },
      "00120062": { vr: "CS", Value: ["YES"] },
      "00120063": { vr: "LO", Value: ["Greyhaven 1 - PS 3.15-2023b Table E.1-1 Basic Profile"] },
      "0020000D": { vr: "UI", Value: ["1.2.99"] },
      "0020000E": { vr: "UI", Value: ["1.2.1.99"] },
      "00200052": { vr: "UI", Value: ["1.5.99"] },
    });
  });

  it("leaves what is kept: attributes, paths, private ones", () => {
    const kept = anonymize(example, {
      keep: ["AccessionNumber", "ReferencedImageSequence[0].InstitutionName", "0009,1001", "60xx,3000"],
    });
    expect(kept.text(tags.accessionNumber)).toBe("A1");
    expect(kept.text(0x00091001)).toBe("secret");
    expect(kept.text(0x00090010)).toBe("ACME");
    expect(kept.has(0x60003000)).toBe(true);
    const [first] = kept.items(tags.referencedImages);
    expect(first?.text(tags.institutionName)).toBe("Ward");
    expect(first?.has(0x00091001)).toBe(false);
    expect(kept.text(0x00120063)).toBe("Greyhaven 1");
    const whole = anonymize(example, { keep: ["ReferencedImageSequence"] });
    expect(whole.get(tags.referencedImages)).toEqual(example.get(tags.referencedImages));
  });

  it("keeps private attributes everywhere when asked", () => {
    const kept = anonymize(example, { removePrivateTags: false });
    expect(kept.text(0x00091001)).toBe("secret");
    expect(kept.items(tags.referencedImages)[0]?.text(0x00091001)).toBe("deep");
    expect(kept.text(0x00120063)).toBe("Greyhaven 1");
  });

  it("leads references to identifiers that the user chose or kept", () => {
    const chosen = anonymize(example, { replace: { StudyInstanceUID: "7.7", PatientID: "me" } });
    const [first] = chosen.items(tags.referencedImages);
    expect([chosen.text(tags.studyUid), first?.text(tags.studyUid)]).toEqual(["7.7", "7.7"]);
    expect([chosen.text(tags.patientId), first?.text(tags.patientId)]).toEqual(["me", "me"]);
    const kept = anonymize(example, { keep: ["SOPInstanceUID"] });
    const [image, other] = kept.items(tags.referencedImages);
    expect(kept.text(tags.sopInstanceUid)).toBe("1.2.3");
    expect([image?.text(tags.referencedInstance), other?.text(tags.referencedInstance)]).toEqual(["1.2.4", "1.2.5"]);
    expect(image?.text(tags.studyUid)).toBe("1.2.99");
  });

  it("gives an instance without PatientID one", () => {
    const nobody = buildDataset([{ tag: tags.sopInstanceUid, value: "1.2.3" }]);
    expect(anonymize(nobody).text(tags.patientId)).toBe("new");
  });

  it("looks into sequences that are declared as bytes (PS3.5 §6.2.2)", () => {
    const inner = Buffer.concat([
      Buffer.from("feff00e01200000010001000", "hex"),
      Buffer.from("0a000000", "hex"),
      Buffer.from("Deep^Name "),
    ]);
    const hidden = buildDataset([{ tag: tags.referencedImages, vr: "UN", value: inner }]);
    const [item] = anonymize(hidden).items(tags.referencedImages);
    expect(item?.get(tags.patientName)?.length).toBe(0);
    const broken = buildDataset([{ tag: tags.referencedImages, vr: "UN", value: Buffer.from("Doe^Jane") }]);
    expect(anonymize(broken).has(tags.referencedImages)).toBe(false);
  });
});

describe("seededIdentifiers", () => {
  it("give the same for the same, and valid ones", () => {
    const [one, again, other] = ["a", "a", "b"].map(seededIdentifiers);
    expect(one?.uid("1.2")).toBe(again?.uid("1.2"));
    expect(one?.uid("1.2")).not.toBe(other?.uid("1.2"));
    expect(one?.uid("1.2")).not.toBe(one?.uid("1.3"));
    for (let number = 0; number < 100; number++) expect(isValidUid(one?.uid(`1.${number}`) ?? "")).toBe(true);
    expect(one?.patientId("x")).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  });
});
