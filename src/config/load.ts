import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { ServerError } from "../util/errors.ts";
import { accessWarnings } from "./access-rules.ts";
import { configurationFiles, mergeRoots, readConfigurationFile } from "./configuration-files.ts";
import { withEnvironment } from "./environment.ts";
import type { Finding } from "./findings.ts";
import { locatedObject, type Located } from "./located.ts";
import { options, type Configuration } from "./options.ts";
import { pluginEntries } from "./plugin-entries.ts";
import { readTable } from "./read-options.ts";
import { unknownKeys, unknownMembers } from "./unknown-keys.ts";

/** A configuration that is fit to start with. */
export interface LoadedConfiguration {
  readonly configuration: Configuration;
  /** Folder that relative paths start from: that of the first configuration file, or the current one. */
  readonly folder: string;
  /** Absolute paths of the modules that `Plugins` names. */
  readonly pluginModules: readonly string[];
  /** The files it was read from. */
  readonly files: readonly string[];
  readonly warnings: readonly string[];
  readonly informations: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads Orthanc's configuration files and folders and the environment. Everything that is wrong is told at once:
 * BadParameterType with one line per problem; InexistentFile, BadJson for files that cannot be read;
 * IncompatibleConfigurations for remote access without users.
 */
export async function loadConfiguration(
  paths: readonly string[],
  environment: Environment = process.env,
): Promise<LoadedConfiguration> {
  const folder = await folderOf(paths);
  const files = await configurationFiles(paths);
  const roots = await Promise.all(files.map((file) => readConfigurationFile(file, environment)));
  const merged = mergeRoots(
    roots.map(({ value }) => value),
    { text: "configuration", folder },
  );
  const root = withEnvironment(merged.value, options, environment);
  const read = readTable({ table: options, located: root, path: [] });
  const configuration = frozen({ ...foreignSections(root), ...read.value });
  const plugins = pluginEntries(configuration.Plugins, folder);
  const findings = [
    ...roots.flatMap(({ findings }) => findings),
    ...merged.findings,
    ...read.findings,
    ...unknownKeys(options, plugins.modules.length === 0 ? root : withoutForeignSections(root)),
    ...plugins.findings,
  ];
  const texts = (severity: Finding["severity"]) =>
    findings.filter((finding) => finding.severity === severity).map(({ text }) => text);
  if (texts("error").length > 0) throw new ServerError("BadParameterType", texts("error").join("\n"));
  const warnings = [...texts("warning"), ...accessWarnings(configuration, root)];
  return { configuration, folder, pluginModules: plugins.modules, files, warnings, informations: texts("information") };
}

/** What the configuration says under a top-level key: of ours, or of a plugin's that the server does not know; undefined when absent. */
export function configurationSection(configuration: Configuration, name: string): unknown {
  return Object.entries(configuration).find(([key]) => key === name)?.[1];
}

async function folderOf([first]: readonly string[]): Promise<string> {
  if (first === undefined) return resolve(".");
  const found = await stat(first).catch(() => undefined);
  return found?.isDirectory() === true ? resolve(first) : dirname(resolve(first));
}

const isForeignSection = ([, member]: readonly [string, Located]) => member.members !== undefined;

/** Objects that no table knows are kept: they may be a plugin's. */
function foreignSections(root: Located): Readonly<Record<string, unknown>> {
  const sections = unknownMembers(options, root).filter(isForeignSection);
  return Object.fromEntries(sections.map(([name, { value }]) => [name, value]));
}

function withoutForeignSections(root: Located): Located {
  const foreign = foreignSections(root);
  const kept = Array.from(root.members ?? []).filter(([name]) => !Object.hasOwn(foreign, name));
  return locatedObject(root.place, new Map(kept));
}

/** Every value has been checked against the table that the type is inferred from. */
function frozen(values: Readonly<Record<string, unknown>>): Configuration {
  return deepFreeze(values) as Configuration;
}

function deepFreeze(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
