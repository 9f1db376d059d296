import type { Random } from "../dimse/random.ts";
import type { ComparedRequest } from "./compare.ts";
import type { CorpusInstance } from "./corpus-resources.ts";

/** What is searched for at each level: stored tags, tags of the files, those of other levels. */
const searched: Readonly<Record<string, readonly string[]>> = {
  Patient: ["PatientID", "PatientName", "PatientBirthDate", "PatientSex"],
  Study: [
    "PatientName",
    "StudyDate",
    "StudyTime",
    "StudyDescription",
    "AccessionNumber",
    "StudyID",
    "StudyInstanceUID",
  ],
  Series: ["Modality", "SeriesDescription", "SeriesInstanceUID", "SeriesNumber", "Manufacturer", "BodyPartExamined"],
  Instance: ["SOPInstanceUID", "InstanceNumber", "SOPClassUID", "PhotometricInterpretation", "Rows", "ContentDate"],
};

/** Searches for the values that an instance has, as they are and changed. */
export function findRequests(instance: CorpusInstance, random: Random): readonly ComparedRequest[] {
  const values = new Map(
    Object.values(instance.tags).map(({ Name, Type, Value }) => [Name, Type === "String" ? String(Value) : ""]),
  );
  const searches = Object.entries(searched).flatMap(([Level, names]) =>
    names.flatMap((name) =>
      changed(values.get(name) ?? "", random).map((value) => ({ Level, Query: { [name]: value } })),
    ),
  );
  const expanded = searches.filter((_, at) => at % 9 === 0).map((search) => ({ ...search, Expand: true }));
  const sensitive = searches.filter((_, at) => at % 4 === 0).map((search) => ({ ...search, CaseSensitive: true }));
  const both = Object.fromEntries(["PatientID", "StudyDate", "Modality"].map((name) => [name, values.get(name) ?? ""]));
  const more = Object.keys(searched).map((Level) => ({ Level, Query: both, Limit: 2 }));
  const uids = ["PatientID", "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"].map(
    (name) => values.get(name) ?? "",
  );
  return [
    ...[...searches, ...expanded, ...sensitive, ...more].map((body) => ({ target: "POST /tools/find", body })),
    ...uids.filter((uid) => uid !== "").map((body) => ({ target: "POST /tools/lookup", body })),
  ];
}

/** A value in the forms of a query (PS3.4 §C.2.2.2); few of them, chosen at random. */
function changed(value: string, random: Random): readonly string[] {
  if (value === "") return ["*"];
  const middle = random.below(value.length);
  const forms: readonly [string, ...string[]] = [
    value.toLowerCase(),
    `${value.slice(0, middle)}*`,
    `*${value.slice(middle)}`,
    `${value.slice(0, middle)}?${value.slice(middle + 1)}`,
    `${value}\\other`,
    `other\\${value}`,
    `${value}-`,
    `-${value}`,
    `${value}-${value}`,
    `${value} `,
    value.toUpperCase(),
    "*",
  ];
  return [value, random.pick(forms), random.pick(forms)];
}
