/** The three component groups of a person name (PS3.5 §6.2.1), as the DICOM JSON and XML models name them. */
export const personNameGroups = ["Alphabetic", "Ideographic", "Phonetic"] as const;
export type PersonNameGroup = (typeof personNameGroups)[number];
export type PersonName = Readonly<Partial<Record<PersonNameGroup, string>>>;

/** Splits `A=B=C`; empty groups and what follows a third one are left out. */
export function parsePersonName(text: string): PersonName {
  const values = text.split("=");
  return Object.fromEntries(
    personNameGroups.map((group, at) => [group, values[at]] as const).filter(([, value]) => value),
  );
}

/** Joins the groups by `=`, trailing empty ones left out. */
export function formatPersonName(name: PersonName): string {
  return personNameGroups
    .map((group) => name[group] ?? "")
    .join("=")
    .replace(/=+$/, "");
}
