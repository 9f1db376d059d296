import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { parseTree, printParseErrorCode, type Node, type ParseError } from "jsonc-parser";
import { ServerError } from "../util/errors.ts";
import { expandVariables } from "./expand-variables.ts";
import { findingAt, type Finding, type Reading } from "./findings.ts";
import { locatedObject, locatedValue, properties, type Located, type Place } from "./located.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The configuration files that the paths mean: a folder means its `*.json`, in the order of their names. InexistentFile when absent. */
export async function configurationFiles(paths: readonly string[]): Promise<readonly string[]> {
  const files = await Promise.all(paths.map(filesAt));
  return files.flat();
}

async function filesAt(path: string): Promise<readonly string[]> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new ServerError("InexistentFile", `${path}: there is no such configuration file or folder`, { cause });
  });
  if (!found.isDirectory()) return [path];
  const entries = await readdir(path, { withFileTypes: true });
  const names = entries.filter((entry) => !entry.isDirectory() && entry.name.endsWith(".json")).map(({ name }) => name);
  return names.sort().map((name) => join(path, name));
}

/** The root object of one file. BadJson names the file, line and column of what cannot be parsed. */
export async function readConfigurationFile(file: string, environment: Environment): Promise<Reading<Located>> {
  const written = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new ServerError("InexistentFile", `${file}: the configuration file cannot be read`, { cause });
  });
  const { text, missing } = expandVariables(written.replace(/^\uFEFF/, ""), environment);
  const placeOf = (offset: number): Place => ({
    text: `${file}:${position(text, offset).line}`,
    folder: dirname(resolve(file)),
  });
  const root = parsed(text, file);
  const unset = missing.map((name) => ({
    severity: "warning" as const,
    text: `${file}: the environment variable ${name} is not set and has no default; nothing stands for it`,
  }));
  return { value: locatedValue(root, placeOf), findings: [...unset, ...repeatedKeys(root, placeOf)] };
}

function parsed(text: string, file: string): Node {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error !== undefined) {
    const { line, column } = position(text, error.offset);
    const name = printParseErrorCode(error.error)
      .replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ")
      .toLowerCase();
    throw new ServerError("BadJson", `${file}:${line}:${column}: ${name}`);
  }
  if (root?.type !== "object") throw new ServerError("BadJson", `${file}:1: expected an object`);
  return root;
}

function position(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** Orthanc takes the last of two equal keys of one file without a word. */
function repeatedKeys(root: Node, placeOf: (offset: number) => Place): readonly Finding[] {
  const seen = new Map<string, Place>();
  return properties(root).flatMap(([key, node]) => {
    const [earlier, place] = [seen.get(key), placeOf(node.offset)];
    seen.set(key, place);
    return earlier === undefined
      ? []
      : [findingAt("warning", place, [key], `already given at ${earlier.text}, this one counts`)];
  });
}

/** One object with the keys of all files; a key that two of them have is an error naming both places. */
export function mergeRoots(roots: readonly Located[], place: Place): Reading<Located> {
  const merged = new Map<string, Located>();
  const findings = roots.flatMap(({ members }) =>
    Array.from(members ?? []).flatMap(([key, member]) => {
      const earlier = merged.get(key);
      merged.set(key, member);
      const text = `already given at ${earlier?.place.text}; keep it in one of the two files`;
      return earlier === undefined ? [] : [findingAt("error", member.place, [key], text)];
    }),
  );
  return { value: locatedObject(place, merged), findings };
}
