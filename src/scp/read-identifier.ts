import type { SpecificCharacterSet } from "../dicom/charset.ts";
import type { Dataset } from "../dicom/dataset.ts";
import { parseDataset } from "../dicom/parse-dataset.ts";
import type { IncomingRequest } from "../dimse/association.ts";
import { ServerError } from "../util/errors.ts";
import { type Caller, callerOf } from "./caller.ts";

/** Bytes of the largest identifier that is read: some ten thousand UIDs. */
const maximumLength = 1 << 20;

/** May change a query before it is answered. */
export type QueryFilter = (query: Dataset, caller: Caller) => Promise<Dataset>;

/**
 * The dataset of a request that is no instance: keys of a query, references to be committed. `defaultCharset` is of those that declare none.
 * Throws `BadRequest` when there is none or it is too long, `BadFileFormat` when it is broken.
 */
export async function readIdentifier(
  { association, dataset, context }: IncomingRequest,
  defaultCharset: SpecificCharacterSet,
  filter?: QueryFilter,
): Promise<Dataset> {
  if (dataset === undefined) throw new ServerError("BadRequest", "the request has no dataset");
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of dataset) {
    length += chunk.length;
    if (length > maximumLength) throw new ServerError("BadRequest", `the dataset exceeds ${maximumLength} bytes`);
    chunks.push(chunk);
  }
  const [only] = chunks;
  const bytes = only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks);
  const identifier = parseDataset(bytes, { transferSyntaxUID: context.transferSyntaxUID, defaultCharset });
  return filter === undefined ? identifier : filter(identifier, callerOf(association));
}
