/** What was typed into a search form, by the name of the field; empty fields are left out. */
export type Search = Readonly<Record<string, string>>;

/** Attributes that are searched anywhere in the text. */
const free: ReadonlySet<string> = new Set(["PatientName", "PatientID", "AccessionNumber", "StudyDescription"]);

/** Texts are searched anywhere unless the user wrote wildcards. */
export function withWildcards(search: Search): Search {
  return Object.fromEntries(
    Object.entries(search).map(([name, value]) => [name, free.has(name) && !/[*?]/.test(value) ? `*${value}*` : value]),
  );
}

/** Puts a range (PS3.4 §C.2.2.2.5) in place of the fields `From` and `To`, which hold dates like `2026-11-02`. */
export function withStudyDate({ From, To, ...others }: Search): Search {
  const [from, to] = [From, To].map((day) => (day ?? "").replaceAll("-", ""));
  if (from === "" && to === "") return others;
  return { ...others, StudyDate: from === to ? `${from}` : `${from}-${to}` };
}

/** The `Query` of `/tools/find`. */
export function findQuery(search: Search): Search {
  return withStudyDate(withWildcards(search));
}

/** Arguments of QIDO-RS. Google's store knows no wildcards, but finds beginnings of a name's parts when asked to. */
export function qidoArguments(search: Search): Search {
  const { PatientName } = search;
  const fuzzy = PatientName !== undefined && !/[*?]/.test(PatientName);
  return { ...withStudyDate(search), ...(fuzzy ? { fuzzymatching: "true" } : {}) };
}
