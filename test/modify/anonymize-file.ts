import { modifyDataset } from "../../src/archive/modify/apply.ts";
import { seededIdentifiers } from "../../src/archive/modify/identifiers.ts";
import { planModification } from "../../src/archive/modify/plan.ts";
import { parseDicom } from "../../src/dicom/parse.ts";
import { writeDicom } from "../../src/dicom/write.ts";

const plan = planModification(
  {
    replace: {},
    remove: [],
    keep: [],
    removePrivateTags: true,
    privateCreator: "",
    anonymization: { profile: "2023b", patientName: "Nemo", software: "Greyhaven" },
  },
  "Study",
);

/** A file after anonymisation, as the files of one study go through one job: with the identifiers that `seed` determines. */
export function anonymizeFile(file: Buffer, seed: string): Buffer {
  const { dataset, transferSyntaxUID } = parseDicom(file);
  const modified = modifyDataset(dataset, plan(dataset.text(0x00080016) ?? ""), seededIdentifiers(seed));
  return writeDicom({ dataset: modified }, { transferSyntaxUID });
}
