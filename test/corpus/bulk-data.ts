import type { JsonModel, JsonModelValue } from "../../src/dicom/json-model.ts";
import { ask } from "../server/ask.ts";
import { partsOf } from "../server/multipart-answer.ts";

type Attribute = JsonModel[string];

/** A dataset of DICOMweb metadata, its bulk data fetched from where the answer says and put in place. */
export async function withBulkData(model: JsonModel, url: string): Promise<JsonModel> {
  const entries = await Promise.all(
    Object.entries(model).map(async ([tag, attribute]) => [tag, await resolved(attribute, url)] as const),
  );
  return Object.fromEntries(entries);
}

async function resolved(attribute: Attribute, url: string): Promise<Attribute> {
  if (attribute.BulkDataURI !== undefined) {
    const bytes = await bulkData(attribute.BulkDataURI, url);
    return { vr: attribute.vr, ...(bytes === "" ? {} : { InlineBinary: bytes }) };
  }
  if (attribute.vr !== "SQ" || attribute.Value === undefined) return attribute;
  const items: JsonModelValue[] = [];
  for (const item of attribute.Value) items.push(await withBulkData(item as JsonModel, url));
  return { vr: "SQ", Value: items };
}

/** The bytes of all parts in base64. */
async function bulkData(uri: string, url: string): Promise<string> {
  if (!uri.startsWith(`${url}/dicom-web/`)) throw new Error(`A foreign BulkDataURI: ${uri}`);
  const { status, headers, bytes } = await ask(url, `GET ${uri.slice(url.length)}`);
  if (status !== 200) throw new Error(`${uri}: ${status} ${bytes.toString()}`);
  return Buffer.concat(partsOf(headers["content-type"], bytes).map(({ body }) => body)).toString("base64");
}
