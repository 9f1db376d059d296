import { levels, type Catalog, type Level, type ResourceReference } from "../../catalog/catalog.ts";
import type { Archive } from "../archive.ts";
import { mapConcurrently } from "../map-concurrently.ts";
import { type FileForm, rewriteFile, type RewriteFileParts } from "./rewrite-file.ts";

export interface ReconstructionParts extends RewriteFileParts {
  readonly catalog: Pick<Catalog, "find" | "deleteMetadata">;
  readonly archive: Pick<Archive, "header" | "attach" | "reconstruct" | "setCompression">;
}

export interface Reconstruction {
  /** Only what the catalog has of the resource itself, read from one of its instances. */
  readonly onlyThisLevel: boolean;
  /** Files are stored in this form; undefined leaves them. */
  readonly files?: FileForm;
}

const concurrency = 4;

/** Reads the instances of a resource again, and sets what the catalog has of them and of all above. False when it is unknown. */
export async function reconstructResource(
  parts: ReconstructionParts,
  resource: ResourceReference,
  { onlyThisLevel, files }: Reconstruction,
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
    if (files !== undefined) await rewriteFile(parts, task.publicId, files);
    await archive.reconstruct(task.publicId, task.levels);
  });
  return instances.length > 0;
}
