import { createSpareMemory, type SpareMemory } from "../util/spare-memory.ts";
import { pieceSize } from "./pieces.ts";

/** Pieces that are kept while nobody needs them: 4 MB. */
const mostKept = 32;

/** Memory for the datasets of associations, which share it. */
export function createDatasetMemory(): SpareMemory {
  return createSpareMemory(pieceSize, mostKept);
}
