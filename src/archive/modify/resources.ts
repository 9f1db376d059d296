import type { Catalog, Level, ResourceReference } from "../../catalog/catalog.ts";
import { ServerError } from "../../util/errors.ts";

/** Instances of these resources, each once. Throws `UnknownResource`. */
export async function instancesOf(
  catalog: Pick<Catalog, "find">,
  resources: readonly ResourceReference[],
): Promise<readonly string[]> {
  const ids = new Set<string>();
  for (const resource of resources) {
    const isInstance = resource.level === "Instance";
    const found = await catalog.find({
      level: "Instance",
      ...(isInstance ? { publicIds: [resource.publicId] } : { relatedTo: resource }),
      include: {},
    });
    if (found.length === 0) throw unknown(resource.publicId);
    for (const { publicId } of found) ids.add(publicId);
  }
  return [...ids].toSorted();
}

/** The resources that ids name. Throws `UnknownResource`. */
export async function referencesTo(
  catalog: Pick<Catalog, "levelOf">,
  publicIds: readonly string[],
): Promise<readonly ResourceReference[]> {
  const levels = await Promise.all(publicIds.map((publicId) => catalog.levelOf(publicId)));
  return publicIds.map((publicId, at) => {
    const level: Level | undefined = levels[at];
    if (level === undefined) throw unknown(publicId);
    return { level, publicId };
  });
}

function unknown(publicId: string): ServerError {
  return new ServerError("UnknownResource", `there is no resource ${publicId}`);
}
