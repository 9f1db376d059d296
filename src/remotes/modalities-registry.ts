import type { Catalog } from "../catalog/catalog.ts";
import { ServerError } from "../util/errors.ts";
import type { Log } from "../util/log.ts";
import { checkModalityName, parseModality } from "./modality-definition.ts";
import type { Modalities, Modality } from "./modality.ts";

/** The name of the catalog's property that keeps the modalities (`DicomModalitiesInDatabase`). */
const propertyName = "dicom-modalities";

export interface ModalitiesParts {
  /** `DicomModalities` as written in the configuration. */
  readonly configured: Readonly<Record<string, unknown>>;
  /** `StrictAetComparison` */
  readonly strictAetComparison: boolean;
  /** Given when `DicomModalitiesInDatabase`: what it holds goes before the configuration, which only fills it the first time. */
  readonly database?: Pick<Catalog, "property" | "setProperty">;
  readonly log: Log;
}

/**
 * The modalities of the configuration or of the database, and those put later, which are lost at the end without a database. Throws as
 * `parseModality` for a definition that cannot be read.
 */
export async function createModalities(parts: ModalitiesParts): Promise<Modalities> {
  const { database } = parts;
  const saved = await database?.property(propertyName);
  const definitions = saved === undefined ? parts.configured : savedDefinitions(saved);
  const modalities = new Map<string, Modality>();
  for (const [name, definition] of Object.entries(definitions)) modalities.set(name, read(parts.log, name, definition));

  const save = async (): Promise<void> => {
    await database?.setProperty(propertyName, JSON.stringify(Object.fromEntries(modalities)));
  };
  const comparable = (aet: string): string => {
    const trimmed = aet.trim();
    return parts.strictAetComparison ? trimmed : trimmed.toUpperCase();
  };

  return {
    names: () => [...modalities.keys()].toSorted(),
    get: (name) => modalities.get(name),
    async put(name, modality) {
      checkModalityName(name);
      modalities.set(name, modality);
      await save();
    },
    async delete(name) {
      const known = modalities.delete(name);
      if (known) await save();
      return known;
    },
    byAet(aet) {
      const wanted = comparable(aet);
      return [...modalities]
        .filter(([, modality]) => comparable(modality.AET) === wanted)
        .map(([name, modality]) => ({ name, modality }));
    },
  };
}

function read(log: Log, name: string, definition: unknown): Modality {
  const where = `DicomModalities.${name}`;
  checkModalityName(name);
  try {
    return parseModality(definition, (message) => log.warn(`${where}: ${message}`));
  } catch (cause) {
    if (!(cause instanceof ServerError)) throw cause;
    throw new ServerError(cause.errorName, `${where}: ${cause.details ?? ""}`, { cause });
  }
}

function savedDefinitions(text: string): Record<string, unknown> {
  const saved: unknown = JSON.parse(text);
  if (typeof saved !== "object" || saved === null) {
    throw new ServerError("Database", `the property ${propertyName} is no JSON object`);
  }
  return { ...saved };
}
