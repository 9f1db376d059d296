import type { Dataset, Element } from "../../../src/dicom/dataset.ts";
import { parseDicom } from "../../../src/dicom/parse.ts";
import { parseTagNumber } from "../../../src/dicom/tag.ts";
import type { Reply } from "../http/exchange.ts";
import { negotiate, notAcceptableText } from "../http/accept.ts";
import { GoogleError } from "../http/google-error.ts";
import { multipartReply } from "../http/multipart-writer.ts";
import { littleEndianValue } from "./native-values.ts";
import { headerOf, type StoreRequest } from "./store-request.ts";
import { notAcceptable, selected } from "./wado.ts";

const octets = "application/octet-stream";
const offers = ["*", "1.2.840.10008.1.2.1"].flatMap((transferSyntax) => [
  { type: "multipart/related", root: octets, transferSyntax },
  { type: octets, transferSyntax },
]);

/** WADO-RS bulk data: one value, by the path that the metadata gave. */
export async function retrieveBulkdata(request: StoreRequest): Promise<Reply> {
  const accept = headerOf(request, "accept");
  const offer = negotiate(accept, offers);
  if (offer === undefined) return notAcceptable(notAcceptableText(accept, offers));
  const [instance] = selected(request);
  const { dataset } = parseDicom(await instance.bytes.whole());
  const values = valuesAt(dataset, (request.parameters["path"] ?? "").split("/"));
  const [only] = values;
  if (offer.type === octets && values.length === 1 && only !== undefined) {
    return { status: 200, headers: { "content-type": octets }, body: only };
  }
  return multipartReply(
    octets,
    values.map((value) => ({
      type: `${octets}; transfer-syntax=${instance.transferSyntaxUID}`,
      async *read() {
        yield value;
      },
    })),
  );
}

/** Follows `TAG/item/TAG…`; several values only for encapsulated pixel data, one per fragment. */
function valuesAt(dataset: Dataset, [tagText = "", itemText, ...rest]: readonly string[]): Buffer[] {
  const tag = parseTagNumber(tagText);
  const element = tag === undefined ? undefined : dataset.get(tag);
  if (element === undefined) throw new GoogleError("NOT_FOUND", `dicomWeb: no bulkdata at "${tagText}"`);
  if (itemText === undefined) return valuesOf(dataset, element);
  const item = element.items?.[Number(itemText) - 1];
  if (item === undefined) throw new GoogleError("NOT_FOUND", `dicomWeb: no item "${itemText}" in "${tagText}"`);
  return valuesAt(item, rest);
}

function valuesOf(dataset: Dataset, element: Element): Buffer[] {
  if (element.fragments === undefined) return [littleEndianValue(dataset, element)];
  return element.fragments.slice(1).map((fragment) => fragment.value ?? Buffer.alloc(0));
}
