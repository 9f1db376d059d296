import { parseTree, type ParseError } from "jsonc-parser";
import { locatedValue, withMember, type Located } from "./located.ts";
import type { OptionNode, OptionTable } from "./option.ts";

/** The Docker images' prefix, and ours, which counts more. */
const prefixes = ["ORTHANC__", "GREYHAVEN__"];

/**
 * The configuration with what environment variables say about it: `ORTHANC__DICOM_WEB__ENABLE` is `DicomWeb.Enable`.
 * Values are JSON, or plain text where they are not.
 */
export function withEnvironment(
  root: Located,
  table: OptionTable,
  environment: Readonly<Record<string, string | undefined>>,
): Located {
  return prefixes
    .flatMap((prefix) => variablesWith(prefix, environment))
    .reduce((configuration, { variable, words, text }) => {
      const member = variableValue(variable, text, root.place.folder);
      return withMember(configuration, optionPath(words, table), member);
    }, root);
}

interface Variable {
  readonly variable: string;
  readonly words: readonly string[];
  readonly text: string;
}

/** In the order of their names, so that a section comes before its members. */
function variablesWith(prefix: string, environment: Readonly<Record<string, string | undefined>>): readonly Variable[] {
  return Object.keys(environment)
    .filter((variable) => variable.startsWith(prefix) && variable.length > prefix.length)
    .sort()
    .map((variable) => {
      return { variable, words: variable.slice(prefix.length).split("__"), text: environment[variable] ?? "" };
    });
}

function variableValue(variable: string, text: string, folder: string): Located {
  const place = { text: `environment variable ${variable}`, folder };
  const errors: ParseError[] = [];
  const node = parseTree(text, errors);
  if (node === undefined || errors.length > 0) return { place, value: text, variableText: text };
  return { ...locatedValue(node, () => place), variableText: text };
}

/** The path of keys that the words of a variable mean. */
export function optionPath(words: readonly string[], table: OptionTable): readonly string[] {
  const [word, ...rest] = words;
  if (word === undefined) return [];
  const name = Object.keys(table).find((known) => squeezed(known) === squeezed(word)) ?? camelCase(word);
  const node = Object.hasOwn(table, name) ? table[name] : undefined;
  return [name, ...restOfPath(rest, node)];
}

/** Names that the user gives, such as those of accounts, are taken as they are written. */
function restOfPath(words: readonly string[], node: OptionNode | undefined): readonly string[] {
  if (node === undefined) return words.map(camelCase);
  if (node.kind === "section") return optionPath(words, node.members);
  if (node.kind === "entries") return [...words.slice(0, 1), ...optionPath(words.slice(1), node.members)];
  return words;
}

/** `StoreMD5ForAttachments` is STORE_MD5_FOR_ATTACHMENTS to some and STORE_M_D5_FOR_ATTACHMENTS to the Docker images. */
const squeezed = (name: string) => name.replaceAll(/[_-]/g, "").toLowerCase();

const camelCase = (word: string) =>
  word.toLowerCase().replaceAll(/(?:^|_)([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
