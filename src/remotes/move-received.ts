import type { Archive } from "../archive/archive.ts";
import { tagHex } from "../dicom/tag.ts";
import { queryRetrieveLevel, type QueryKeys } from "./query-identifier.ts";

/** What a C-MOVE makes come. */
export interface ExpectedInstances {
  readonly remoteAet: string;
  readonly targetAet: string;
  /** What their tags have to be. */
  readonly keys: QueryKeys;
}

/** Tells the new instances that come from the remote and are what was asked for, until the function that it gives is called. */
export function watchReceived(
  archive: Pick<Archive, "subscribe">,
  { remoteAet, targetAet, keys }: ExpectedInstances,
  received: (publicId: string) => void,
): () => void {
  const wanted = [...keys].filter(([tag]) => tag !== queryRetrieveLevel);
  return archive.subscribe((event) => {
    if (event.type !== "StoredInstance" || event.origin.kind !== "DicomProtocol") return;
    if (event.origin.remoteAet !== remoteAet || event.origin.calledAet !== targetAet) return;
    if (wanted.every(([tag, value]) => event.tags[tagHex(tag)] === value)) received(event.publicId);
  });
}
