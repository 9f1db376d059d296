import { buildDataset } from "../../dicom/build-dataset.ts";
import type { Dataset } from "../../dicom/dataset.ts";

const verifyingObservers = 0x0040a073;
const verificationDateTime = 0x0040a030;
const contentSequence = 0x0040a730;
const relationshipType = 0x0040a010;

/** Stands in for the title of a report that has none: `(121111, DCM, "Summary")`. */
export const unnamedConcept: Dataset = buildDataset([
  { tag: 0x00080100, value: "121111" },
  { tag: 0x00080102, value: "DCM" },
  { tag: 0x00080104, value: "Summary" },
]);

/** When a report was verified last (PS3.3 §F.5.25); undefined when it was not. */
export function latestVerification(file: Dataset): string | undefined {
  const times = file.items(verifyingObservers).flatMap((observer) => observer.text(verificationDateTime) ?? []);
  return times
    .filter((time) => time !== "")
    .toSorted()
    .at(-1);
}

/** The content items that modify the title of a report (PS3.3 §F.5.25); undefined when there are none. */
export function conceptModifiers(file: Dataset): readonly Dataset[] | undefined {
  const modifiers = file.items(contentSequence).filter((item) => item.text(relationshipType) === "HAS CONCEPT MOD");
  return modifiers.length === 0 ? undefined : modifiers;
}
