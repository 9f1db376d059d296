import { levels, type Catalog, type Level, type ResourceReference } from "../../catalog/catalog.ts";
import type { Archive } from "../archive.ts";
import { mapConcurrently } from "../map-concurrently.ts";
import { dicomAttachment } from "../metadata-numbers.ts";

export interface ReconstructionParts {
  readonly catalog: Pick<Catalog, "find">;
  readonly archive: Pick<Archive, "reconstruct" | "setCompression">;
}

export interface Reconstruction {
  /** Only what the catalog has of the resource itself, read from one of its instances. */
  readonly onlyThisLevel: boolean;
  /** Files are compressed or not as new ones would be (`StorageCompression`); undefined leaves them. */
  readonly compressed?: boolean;
}

const concurrency = 4;

/** Reads the instances of a resource again, and sets what the catalog has of them and of all above. False when it is unknown. */
export async function reconstructResource(
  parts: ReconstructionParts,
  resource: ResourceReference,
  { onlyThisLevel, compressed }: Reconstruction,
): Promise<boolean> {
  const { catalog, archive } = parts;
  const instances = await catalog.find({
    level: "Instance",
    ...(resource.level === "Instance" ? { publicIds: [resource.publicId] } : { relatedTo: resource }),
    include: { ancestors: true },
  });
  if (onlyThisLevel) {
    const [first] = instances;
    if (first !== undefined) await archive.reconstruct(first.publicId, [resource.level]);
    return first !== undefined;
  }
  const seen = new Set<string>();
  const tasks = instances.map(({ publicId, ancestors }) => {
    // One instance of each series speaks for all that is above.
    const isFirst = !seen.has(ancestors?.Series ?? "");
    seen.add(ancestors?.Series ?? "");
    return { publicId, levels: isFirst ? levels : (["Instance"] as const satisfies readonly Level[]) };
  });
  await mapConcurrently(tasks, concurrency, async (task) => {
    if (compressed !== undefined) await archive.setCompression(task.publicId, dicomAttachment, compressed);
    await archive.reconstruct(task.publicId, task.levels);
  });
  return instances.length > 0;
}
