import type { Dataset } from "./dataset.ts";
import { lookupTag } from "./dictionary.ts";
import { elementOf, isPrivate, type Tag } from "./tag.ts";
import type { VR } from "./vr.ts";

const pixelRepresentation: Tag = 0x00280103;
const lutDescriptors: ReadonlySet<Tag> = new Set([0x00281101, 0x00281102, 0x00281103, 0x00283002]);

/** As `Dataset.privateCreatorOf`, but without asking for the character set, which may not have been read yet. */
function creatorOf(tag: Tag, dataset: Dataset): string | undefined {
  const element = elementOf(tag);
  const creator = dataset.get(tag - element + (element >>> 8))?.value;
  return creator?.toString("latin1").replace(/[\0 ]+$/, "");
}

/** The VR that the dictionaries give an attribute of implicit VR data; `UN` when they do not have it (PS3.5 §6.2.2). */
export function implicitVR(tag: Tag, dataset: Dataset): VR {
  const entry = lookupTag(tag, isPrivate(tag) ? creatorOf(tag, dataset) : undefined);
  if (entry === undefined) return "UN";
  if (entry.choice !== "xs" || lutDescriptors.has(tag)) return entry.vr;
  return dataset.number(pixelRepresentation) === 1 ? "SS" : "US";
}
