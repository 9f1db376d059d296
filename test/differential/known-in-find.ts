import type { KnownDifference } from "./known-difference.ts";

/** Searches. */
export const knownInFind: readonly KnownDifference[] = [
  {
    requests: /^POST \/tools\/find .*"Query":\{"[^"]+":"-[0-9.]+"\}/,
    difference: /^(body: "|\[\]: )[0-9a-f-]{44}"? only in the first$/,
    cause: "mistake of 1.10.1",
    reason: "PS3.4 §C.2.2.2.5: an empty date is in no range; Orthanc compares texts",
  },
  {
    requests: /^POST \/tools\/find .*"Query":\{"[^"]+":"[^"]* "\}/,
    difference: /^(body: "|\[\]: )[0-9a-f-]{44}"? only in the second$/,
    cause: "on purpose",
    reason: "PS3.5 §6.2: a space at the end is no part of a value, in a query either",
  },
  {
    requests: /^POST \/tools\/find \{"Level":"Study","Query":\{"PatientID":"[^"]*","StudyDate":"[^"]*","Modality":/,
    difference: /^(body: "|\[\]: )[0-9a-f-]{44}"? only in the second$/,
    cause: "newer Orthanc",
    reason: "§5: tags of series are searched at the level of studies too",
  },
];
