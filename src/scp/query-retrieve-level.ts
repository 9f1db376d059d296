import type { Level } from "../catalog/catalog.ts";
import type { Dataset } from "../dicom/dataset.ts";
import { ServerError } from "../util/errors.ts";

export const QueryRetrieveLevel = 0x00080052;

/** Values of Query/Retrieve Level (PS3.4 §C.6.1.1), and what some peers write instead. */
const byName: Readonly<Record<string, Level>> = {
  PATIENT: "Patient",
  STUDY: "Study",
  SERIES: "Series",
  IMAGE: "Instance",
  INSTANCE: "Instance",
};

export const levelNames: Readonly<Record<Level, string>> = {
  Patient: "PATIENT",
  Study: "STUDY",
  Series: "SERIES",
  Instance: "IMAGE",
};

/** The level of an identifier; undefined when it has none. Throws `BadRequest` for one that does not exist. */
export function levelOf(identifier: Dataset): Level | undefined {
  const name = identifier.text(QueryRetrieveLevel)?.trim().toUpperCase() ?? "";
  if (name === "") return undefined;
  const level = Object.hasOwn(byName, name) ? byName[name] : undefined;
  if (level === undefined) {
    const expected = Object.values(levelNames).join(", ");
    throw new ServerError("BadRequest", `QueryRetrieveLevel is "${name}": expected one of ${expected}`);
  }
  return level;
}
