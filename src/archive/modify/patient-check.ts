import type { Catalog, TagValues } from "../../catalog/catalog.ts";
import { keywordOf } from "../../dicom/dictionary.ts";
import { hashIdentifiers } from "../../dicom/identifiers.ts";
import { tagHex, type Tag } from "../../dicom/tag.ts";
import { ServerError } from "../../util/errors.ts";
import { keyTags, type Modification } from "./modification.ts";

export interface PatientCheckParts {
  readonly catalog: Pick<Catalog, "find">;
  /** The main DICOM tags of patients. */
  readonly patientTags: readonly Tag[];
}

/**
 * Checks that studies whose patient is changed do not come to differ from other studies of that patient: it has none, or the new
 * values are those that it has (behaviour §8.1). Throws `BadRequest`.
 */
export async function checkPatient(
  { catalog, patientTags }: PatientCheckParts,
  { root }: Modification,
  studies: readonly string[],
): Promise<void> {
  const replaced = new Map(
    patientTags.flatMap((tag): [Tag, string][] => {
      const action = root.actions.get(tag);
      return action?.kind === "replace" ? [[tag, textOf(action.value)]] : [];
    }),
  );
  if (replaced.size === 0) return;
  const found = await catalog.find({
    level: "Study",
    publicIds: studies,
    include: { mainDicomTags: ["Patient"], ancestors: true },
  });
  for (const { publicId, mainDicomTags } of found) {
    const current = mainDicomTags?.Patient?.[tagHex(keyTags.PatientID)] ?? "";
    const PatientID = replaced.get(keyTags.PatientID) ?? current;
    const patient = await findPatient(catalog, PatientID);
    if (patient !== undefined && patient.studies.some((study) => study !== publicId)) {
      mustMatch(patientTags, patient.tags, replaced);
    }
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

async function findPatient(
  catalog: Pick<Catalog, "find">,
  PatientID: string,
): Promise<{ readonly tags: TagValues; readonly studies: readonly string[] } | undefined> {
  const { Patient } = hashIdentifiers({ PatientID, StudyInstanceUID: "", SeriesInstanceUID: "", SOPInstanceUID: "" });
  const [found] = await catalog.find({
    level: "Patient",
    publicIds: [Patient],
    include: { mainDicomTags: ["Patient"], children: true },
  });
  return found === undefined ? undefined : { tags: found.mainDicomTags?.Patient ?? {}, studies: found.children ?? [] };
}

function mustMatch(patientTags: readonly Tag[], present: TagValues, replaced: ReadonlyMap<Tag, string>): void {
  for (const tag of patientTags) {
    const value = present[tagHex(tag)] ?? "";
    if (value === "" || replaced.get(tag) === value) continue;
    const problem =
      "the patient exists and has other studies, so that all its attributes must be in Replace as they are";
    const expected = `expected ${keywordOf(tag)} to be "${value}"; or modify the patient instead`;
    throw new ServerError("BadRequest", `When modifying a study: ${problem}; ${expected}`);
  }
}
