import { knownDifferences } from "../../test/differential/known-differences.ts";
import { knownModifyDifferences } from "../../test/modify/known-differences.ts";
import { knownScuDifferences } from "../../test/scu/known-differences.ts";
import type { Compatibility } from "./document.ts";
import { optionRows } from "./option-states.ts";
import { purposes } from "./purposes.ts";
import { routeRows } from "./route-states.ts";

/** What a server that runs, the table of options and the tests say. */
export async function compatibility(): Promise<Compatibility> {
  const differences = {
    ...knownDifferences,
    "Modification and anonymisation": knownModifyDifferences,
    "DICOM client": knownScuDifferences,
  };
  return { routes: await routeRows(), options: optionRows(), purposes, differences };
}
