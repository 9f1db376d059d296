import type { OptionNode, OptionTable } from "../../src/config/option.ts";
import { coreGroups, sections } from "../../src/config/options.ts";
import { type OrthancOption, orthancOptions } from "./orthanc-options.ts";

/** What Greyhaven makes of an option of Orthanc. */
export interface OptionRow extends OrthancOption {
  /** `absent`: an unknown key; the others as in the table of options. */
  readonly state: "implemented" | "without-effect" | "known" | "absent";
  /** Why it has no effect. */
  readonly reason?: string;
}

const table: OptionTable = { ...Object.assign({}, ...Object.values(coreGroups)), ...sections };

export function optionRows(): readonly OptionRow[] {
  return orthancOptions.map((option) => ({ ...option, ...stateOf(find(option)) }));
}

/** Names in braces stand for what users name: these are members of the section itself. */
function find({ section, name }: OrthancOption): OptionNode | undefined {
  const names = [...section.replace(/^core(-advanced)?\/?/, "").split("/"), name]
    .map((part) => part.replace(/\.\*$/, ""))
    .filter((part) => part !== "" && !part.startsWith("{"));
  const [first = "", ...rest] = names;
  return rest.reduce<OptionNode | undefined>(
    (node, member) => (node === undefined || node.kind === "option" ? undefined : node.members[member]),
    table[first],
  );
}

function stateOf(node: OptionNode | undefined): Pick<OptionRow, "state" | "reason"> {
  if (node === undefined) return { state: "absent" };
  if (node.kind !== "option") return { state: "implemented" };
  return { state: node.state, ...(node.reason === undefined ? {} : { reason: node.reason }) };
}
