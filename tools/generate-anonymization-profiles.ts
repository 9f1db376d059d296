/**
 * Writes src/archive/anonymize/profiles.data.ts from the lists of the anonymization profiles:
 * `node tools/generate-anonymization-profiles.ts ../shared/reference/anonymization-profiles.json`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

const source = process.argv[2];
if (source === undefined) throw new Error("usage: node tools/generate-anonymization-profiles.ts FILE");

type Lists = Readonly<Record<string, readonly string[]>>;

const profiles = JSON.parse(readFileSync(source, "utf8")) as Readonly<Record<string, Lists>>;
const rangesKey = "removedRanges(groupMin,groupMax,elemMin,elemMax)";
const perLine = 12;

/** Tags without commas, several a line. */
function lines(tags: readonly string[]): string {
  const hex = tags.map((tag) => tag.replace(",", ""));
  const rows = Array.from({ length: Math.ceil(hex.length / perLine) }, (_, at) =>
    hex.slice(at * perLine, (at + 1) * perLine).join(" "),
  );
  return rows.map((row) => `\n      ${row}`).join("");
}

/** `5000,50ff,0000,ffff` → `50xxxxxx`: digits that vary become `x`. */
function pattern(range: string): string {
  const [groupLow = "", groupHigh = "", elementLow = "", elementHigh = ""] = range.split(",");
  const high = groupHigh + elementHigh;
  return Array.from(groupLow + elementLow, (digit, at) => (digit === high[at] ? digit : "x")).join("");
}

function profile([name, lists]: readonly [string, Lists]): string {
  const entries = [
    ...["clear", "remove", "mapUid"].map((action) => `    ${action}: \`${lines(lists[action] ?? [])}\`,`),
    `    removedGroups: "${(lists[rangesKey] ?? []).map(pattern).join(" ")}",`,
  ];
  return `  "${name}": {\n${entries.join("\n")}\n  },`;
}

const text = `/**
 * The tags of PS3.15 Table E.1-1, "Basic Profile", by edition and by what becomes of them.
 * Written by tools/generate-anonymization-profiles.ts: do not edit.
 */
export const profileTexts = {
${Object.entries(profiles).map(profile).join("\n")}
} as const;
`;
writeFileSync(resolve(import.meta.dirname, "../src/archive/anonymize/profiles.data.ts"), text);
