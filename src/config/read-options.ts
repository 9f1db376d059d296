import { isDeepStrictEqual } from "node:util";
import { findingAt, type Finding, type Reading } from "./findings.ts";
import { locatedObject, type Located, type Place } from "./located.ts";
import { hasEffect, type Entries, type Option, type OptionNode, type OptionTable, type Section } from "./option.ts";
import { readOption } from "./read-option.ts";
import { entryObject, unknownMembers } from "./unknown-keys.ts";

type Path = readonly string[];
type Members = Readonly<Record<string, unknown>>;

/** A table of options and where its values are to be found. */
export interface OptionsAt {
  readonly table: OptionTable;
  readonly located: Located;
  readonly path: Path;
}

/** The values of a table with all defaults, and what is wrong with those that were written. */
export function readTable({ table, located, path }: OptionsAt): Reading<Members> {
  const written = new Map<string, Reading<unknown>>();
  for (const [name, member] of located.members ?? []) {
    const node = Object.hasOwn(table, name) ? table[name] : undefined;
    if (node !== undefined) written.set(name, readNode(node, member, [...path, name]));
  }
  const values = Object.entries(table).map(([name, node]) => {
    const reading = written.get(name) ?? written.get(sameAs(node) ?? "");
    return [name, reading === undefined ? defaultOf(node, located.place) : reading.value] as const;
  });
  const findings = Array.from(written.values(), (reading) => reading.findings).flat();
  return { value: Object.fromEntries(values), findings: [...findings, ...missing({ table, located, path })] };
}

function readNode(node: OptionNode, located: Located, path: Path): Reading<unknown> {
  return hasEffect(node) ? read(node, located, path) : readWithoutEffect(node, located, path);
}

/** What is only known is read as well as can be: it can be wrong without stopping the start, and is reported once. */
function readWithoutEffect(node: OptionNode, located: Located, path: Path): Reading<unknown> {
  const reading = read(node, located, path);
  const fallback = defaultOf(node, located.place);
  const wrong = reading.findings.some(({ severity }) => severity === "error");
  if (!wrong && isDeepStrictEqual(reading.value, fallback)) return { value: fallback, findings: [] };
  return { value: wrong ? fallback : reading.value, findings: [withoutEffectFinding(node, located.place, path)] };
}

function withoutEffectFinding(node: OptionNode, place: Place, path: Path): Finding {
  if (node.kind === "option" && node.reason !== undefined) {
    return findingAt(node.isMissed === true ? "warning" : "information", place, path, `has no effect: ${node.reason}`);
  }
  return findingAt("warning", place, path, "not implemented yet, has no effect");
}

function read(node: OptionNode, located: Located, path: Path): Reading<unknown> {
  if (node.kind === "option") return readOption(node, located, path);
  return node.kind === "section" ? readSection(node, located, path) : readEntries(node, located, path);
}

function readSection(section: Section, located: Located, path: Path): Reading<unknown> {
  const normal = section.normalize?.(located) ?? located;
  if (normal.members === undefined) return notAnObject(section, located, path);
  return readTable({ table: section.members, located: normal, path });
}

function readEntries(entries: Entries, located: Located, path: Path): Reading<unknown> {
  if (located.members === undefined) return notAnObject(entries, located, path);
  const readings = Array.from(
    located.members,
    ([name, entry]) => [name, readEntry(entries, entry, [...path, name])] as const,
  );
  return {
    value: Object.fromEntries(readings.map(([name, { value }]) => [name, value])),
    findings: readings.flatMap(([, { findings }]) => findings),
  };
}

function readEntry(entries: Entries, located: Located, path: Path): Reading<unknown> {
  const { members: table, positions, userProperties } = entries;
  const normal = entryObject(entries, located);
  if (normal.members === undefined) {
    const expected = positions === undefined ? "an object" : `an object or an array [${positions.join(", ")}]`;
    return { value: {}, findings: [findingAt("error", located.place, path, `expected ${expected}`)] };
  }
  const { value, findings } = readTable({ table, located: normal, path });
  if (userProperties === undefined) return { value, findings };
  const properties = unknownMembers(table, normal).map(([name, property]) => [name, String(property.value)]);
  return { value: { ...value, UserProperties: Object.fromEntries(properties) }, findings };
}

function missing({ table, located, path }: OptionsAt): readonly Finding[] {
  return Object.entries(table).flatMap(([name, node]) =>
    node.kind === "option" && isRequired(node) && located.members?.has(name) !== true
      ? [findingAt("error", located.place, [...path, name], `expected ${node.type.expected}, found nothing`)]
      : [],
  );
}

const isRequired = (option: Option<unknown>) => !("default" in option);

const sameAs = (node: OptionNode) => (node.kind === "option" ? node.sameAs : undefined);

function notAnObject(node: Section | Entries, located: Located, path: Path): Reading<unknown> {
  const finding = findingAt("error", located.place, path, "expected an object");
  return { value: defaultOf(node, located.place), findings: [finding] };
}

function defaultOf(node: OptionNode, place: Place): unknown {
  if (node.kind === "option") return readOption(node, { place, value: node.default }, []).value;
  if (node.kind === "entries") return {};
  return readTable({ table: node.members, located: locatedObject(place, new Map()), path: [] }).value;
}
