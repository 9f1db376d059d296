import { editDistance, nearest } from "./edit-distance.ts";
import { findingAt, type Finding } from "./findings.ts";
import type { Located } from "./located.ts";
import type { Entries, OptionNode, OptionTable } from "./option.ts";

/** Warnings about keys that no table knows, at every depth, naming the nearest one that is known. */
export function unknownKeys(table: OptionTable, located: Located, path: readonly string[] = []): readonly Finding[] {
  const here = unknownMembers(table, located).map(([name, { place }]) =>
    findingAt("warning", place, [...path, name], unknownText(name, table)),
  );
  const below = Array.from(located.members ?? []).flatMap(([name, member]) => {
    const node = Object.hasOwn(table, name) ? table[name] : undefined;
    return node === undefined ? [] : unknownUnder(node, member, [...path, name]);
  });
  return [...here, ...below];
}

/** The members that the table does not have. */
export function unknownMembers(table: OptionTable, located: Located): readonly (readonly [string, Located])[] {
  return Array.from(located.members ?? []).filter(([name]) => !Object.hasOwn(table, name));
}

/** An entry in the form of an object, which it may be given as an array for: `["http://…", "user", "password"]`. */
export function entryObject({ positions }: Entries, located: Located): Located {
  const { value, place } = located;
  if (positions === undefined || !Array.isArray(value) || value.length > positions.length) return located;
  const members = value.map((element: unknown, index) => [positions[index] ?? "", { place, value: element }] as const);
  return { place, value, members: new Map(members) };
}

function unknownUnder(node: OptionNode, located: Located, path: readonly string[]): readonly Finding[] {
  if (node.kind === "option") return [];
  if (node.kind === "section") return unknownKeys(node.members, node.normalize?.(located) ?? located, path);
  const findingsOf = node.userProperties === undefined ? unknownInEntry : misspellings;
  return Array.from(located.members ?? []).flatMap(([name, entry]) =>
    findingsOf(node, entryObject(node, entry), [...path, name]),
  );
}

function unknownInEntry({ members }: Entries, located: Located, path: readonly string[]): readonly Finding[] {
  return unknownKeys(members, located, path);
}

/** Where users may add keys of their own, only what is nearly a known key is worth a warning. */
function misspellings({ members }: Entries, located: Located, path: readonly string[]): readonly Finding[] {
  return unknownMembers(members, located)
    .filter(([name]) => Object.keys(members).some((known) => editDistance(name, known) <= 2))
    .map(([name, { place }]) => findingAt("warning", place, [...path, name], unknownText(name, members)));
}

function unknownText(name: string, table: OptionTable): string {
  return `unknown option; did you mean "${nearest(name, Object.keys(table))}"?`;
}
