import type { Catalog, Level } from "../../catalog/catalog.ts";
import { metadataNumbers } from "../metadata-numbers.ts";
import type { DerivationOrder } from "./derivation-state.ts";

/** Orthanc's identifiers of an instance and its ancestors. */
export type Lineage = Readonly<Record<Level, string>>;

/** What is noted of new resources: where they come from, and the labels that they had there. */
export interface LineageNotes {
  /** Reads what the originals have, before they may be overwritten; what it gives is called once the new instance is stored. */
  read(source: Lineage): Promise<(made: Lineage) => Promise<void>>;
}

const ancestors = ["Patient", "Study", "Series"] as const satisfies readonly Level[];

/** Ancestors are noted once, when the first of their instances is made: the others cost nothing more. */
export function createLineageNotes(
  catalog: Pick<Catalog, "find" | "setMetadata" | "addLabel">,
  { mark, keepLabels }: Pick<DerivationOrder, "mark" | "keepLabels">,
): LineageNotes {
  const labels = new Map<string, Promise<readonly string[]>>();
  const noted = new Map<string, Promise<void>>();
  const labelsOf = (level: Level, publicId: string): Promise<readonly string[]> =>
    once(labels, publicId, async () => {
      const [found] = await catalog.find({ level, publicIds: [publicId], include: { labels: true } });
      return found?.labels ?? [];
    });
  const note = async (level: Level, source: string, made: string): Promise<void> => {
    if (mark !== null && made !== source) await catalog.setMetadata(made, metadataNumbers[mark], source);
    if (!keepLabels) return;
    for (const label of await labelsOf(level, source)) await catalog.addLabel(made, label);
  };
  return {
    async read(source) {
      if (keepLabels) await Promise.all(ancestors.map((level) => labelsOf(level, source[level])));
      const own = keepLabels ? await labelsOf("Instance", source.Instance) : [];
      labels.delete(source.Instance);
      return async (made) => {
        for (const label of own) await catalog.addLabel(made.Instance, label);
        await Promise.all(
          ancestors.map((level) =>
            once(noted, `${source[level]} ${made[level]}`, () => note(level, source[level], made[level])),
          ),
        );
      };
    },
  };
}

function once<Value>(known: Map<string, Promise<Value>>, key: string, make: () => Promise<Value>): Promise<Value> {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}
