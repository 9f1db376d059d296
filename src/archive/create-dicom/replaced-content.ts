import { Dataset } from "../../dicom/dataset.ts";
import { parseTag } from "../../dicom/dictionary.ts";
import { toOrthancJson } from "../../dicom/orthanc-json.ts";
import { tagWithComma, type Tag } from "../../dicom/tag.ts";
import { type ContentOptions, readContent } from "./content.ts";
import { parseDataUri } from "./data-uri.ts";

const Modality: Tag = 0x00080060;
const embedding: ReadonlySet<Tag | undefined> = new Set<Tag>([0x00420011, 0x7fe00010]);

/**
 * Replaced values, as clients write them in JSON, with pictures and documents in place of the data URIs of PixelData and
 * EncapsulatedDocument: their bytes, and the attributes that describe them. Throws as `readContent`.
 */
export async function withContent(
  replace: Readonly<Record<string, unknown>>,
  codecs: ContentOptions["codecs"],
): Promise<Readonly<Record<string, unknown>>> {
  const replaced: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(replace)) {
    const mediaType = typeof value === "string" ? parseDataUri(value)?.mediaType : undefined;
    const isContent =
      embedding.has(parseTag(name)) && mediaType !== undefined && mediaType !== "application/octet-stream";
    if (isContent) Object.assign(replaced, await contentValues(String(value), codecs));
    else replaced[name] = value;
  }
  return replaced;
}

/** The attributes of a picture or document in JSON, bytes as data URIs. */
async function contentValues(uri: string, codecs: ContentOptions["codecs"]): Promise<Record<string, unknown>> {
  const { elements, defaults } = await readContent(uri, { codecs, encapsulate: false });
  const all = [...elements, ...defaults].filter(({ tag }) => tag !== Modality);
  const dataset = new Dataset(new Map(all.map((element) => [element.tag, element])), true);
  const values: Record<string, unknown> = { ...toOrthancJson(dataset, "short", { maximumLength: 0 }) };
  for (const { tag, value } of all) {
    if (embedding.has(tag)) values[tagWithComma(tag)] = octetStream(value ?? Buffer.alloc(0));
  }
  return values;
}

function octetStream(bytes: Buffer): string {
  return `data:application/octet-stream;base64,${bytes.toString("base64")}`;
}
