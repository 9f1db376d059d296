import type { Archive } from "../archive/archive.ts";
import type { Dataset } from "../dicom/dataset.ts";
import { type JsonModel, type JsonModelAttribute, toJsonModel } from "../dicom/json-model.ts";
import { tagHex, type Tag } from "../dicom/tag.ts";
import type { WadoInstance } from "./wado-find.ts";

/** JSON text of attributes, by their tag. */
export type AttributeTexts = Readonly<Record<string, string>>;

/**
 * What the first, the middle and the last instance of a series say of some attributes: for each the value that most of them have, the
 * first at a draw. What most of them lack, and what is binary, is left out.
 */
export async function extrapolatedAttributes(
  archive: Pick<Archive, "header">,
  instances: readonly WadoInstance[],
  tags: readonly Tag[],
): Promise<AttributeTexts> {
  const places = new Set([0, instances.length >> 1, instances.length - 1]);
  const sample = instances.filter((_, place) => places.has(place));
  const read = await Promise.all(sample.map(({ id }) => archive.header(id)));
  const models = read.flatMap((header) => (header === undefined ? [] : [modelOf(header.dataset)]));
  const keys = tags.map(tagHex);
  const chosen = keys.flatMap((key) => {
    const text = mostFrequent(models.map((model) => attributeText(model[key])));
    return text === undefined ? [] : [[key, text] as const];
  });
  return Object.fromEntries(chosen);
}

/** Binary values are marked by a reference, in sequences too. */
function modelOf(dataset: Dataset): JsonModel {
  return toJsonModel(dataset, { bulkDataUri: (path) => path });
}

function attributeText(attribute: JsonModelAttribute | undefined): string | undefined {
  if (attribute === undefined) return undefined;
  const text = JSON.stringify(attribute);
  return text.includes('"BulkDataURI":') ? undefined : text;
}

function mostFrequent(values: readonly (string | undefined)[]): string | undefined {
  const votes = (wanted: string | undefined): number => values.filter((value) => value === wanted).length;
  return values.reduce((best, value) => (votes(value) > votes(best) ? value : best), values[0]);
}
