import { dicomAttachment } from "../archive/metadata-numbers.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { OutgoingInstance } from "./stow-outcome.ts";

/** How large one POST may become. A single instance that is bigger goes alone. */
export const batchLimits = { instances: 100, bytes: 256 * 1024 * 1024 };
export type BatchLimits = typeof batchLimits;

export interface Batch {
  readonly instances: readonly OutgoingInstance[];
  /** Identifiers that are no longer in the archive. */
  readonly missing: readonly string[];
  /** Where the next batch begins. */
  readonly next: number;
}

/** The instances of the next POST: `ids` from `position` on, as many as the limits allow. */
export async function nextBatch(
  catalog: Pick<Catalog, "find">,
  ids: readonly string[],
  position: number,
  limits: BatchLimits = batchLimits,
): Promise<Batch> {
  const window = ids.slice(position, position + limits.instances);
  const known = await outgoingInstances(catalog, window);
  const instances: OutgoingInstance[] = [];
  const missing: string[] = [];
  let bytes = 0;
  for (const [index, id] of window.entries()) {
    const instance = known.get(id);
    if (instance === undefined) {
      missing.push(id);
      continue;
    }
    if (instances.length > 0 && bytes + instance.size > limits.bytes) {
      return { instances, missing, next: position + index };
    }
    instances.push(instance);
    bytes += instance.size;
  }
  return { instances, missing, next: position + window.length };
}

async function outgoingInstances(
  catalog: Pick<Catalog, "find">,
  ids: readonly string[],
): Promise<ReadonlyMap<string, OutgoingInstance>> {
  const found = await catalog.find({
    level: "Instance",
    publicIds: ids,
    include: { mainDicomTags: ["Instance"], attachments: true },
  });
  return new Map(
    found.flatMap(({ publicId, mainDicomTags, attachments = [] }): [string, OutgoingInstance][] => {
      const file = attachments.find(({ type }) => type === dicomAttachment);
      const SOPInstanceUID = mainDicomTags?.Instance?.["00080018"] ?? "";
      return file === undefined ? [] : [[publicId, { id: publicId, SOPInstanceUID, size: file.uncompressedSize }]];
    }),
  );
}
