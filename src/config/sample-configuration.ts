import { describe, hasEffect, isMissing, type OptionNode, type OptionTable } from "./option.ts";
import { coreGroups, sections } from "./options.ts";

/** A commented configuration file with every default: of the options that have an effect, or of `all` that are known. */
export function sampleConfiguration(all: boolean): string {
  const groups = Object.entries(coreGroups).flatMap(([title, table]) => [
    `  // ---- ${title} ----`,
    "",
    ...memberLines(table, { all, indent: "  " }),
  ]);
  const objects = memberLines(sections, { all, indent: "  " });
  return [
    "// Configuration of Greyhaven. Options that are left out have the defaults shown here.",
    "{",
    ...groups,
    ...objects,
    "}",
    "",
  ].join("\n");
}

interface Layout {
  readonly all: boolean;
  readonly indent: string;
}

function memberLines(table: OptionTable, layout: Layout): readonly string[] {
  return Object.entries(table)
    .filter(([, node]) => layout.all || hasEffect(node))
    .flatMap(([name, node]) => [...nodeLines(name, node, layout), ""]);
}

/** The last comma of an object stays: it is accepted when the file is read. */
function nodeLines(name: string, node: OptionNode, { all, indent }: Layout): readonly string[] {
  const comment = `${indent}// ${describe(node)}${isMissing(node) ? " (not implemented yet)" : ""}.`;
  if (node.kind === "section") {
    return [
      comment,
      `${indent}"${name}": {`,
      ...memberLines(node.members, { all, indent: `${indent}  ` }),
      `${indent}},`,
    ];
  }
  const example = node.example ?? (node.kind === "entries" ? {} : undefined);
  const value = example ?? (node.kind === "option" ? node.default : undefined);
  const shown = (JSON.stringify(value, undefined, 2) ?? '"…"').split("\n");
  const isDefault = node.kind === "option" && value !== undefined && example === undefined && node.sameAs === undefined;
  const first = isDefault ? indent : `${indent}// `;
  return [comment, ...`"${name}": ${shown.join("\n")},`.split("\n").map((line) => `${first}${line}`)];
}
