import { Dataset } from "../../dicom/dataset.ts";
import type { Tag } from "../../dicom/tag.ts";
import type { Modification } from "./modification.ts";
import { replaceAttribute } from "./replacement.ts";
import type { PathStep } from "./tag-path.ts";
import { itemsOf } from "./unknown-sequence.ts";

type Edit = (item: Dataset) => Dataset;

/** Removes and replaces attributes in the items that paths lead to; a path that leads nowhere changes nothing. */
export function editItems(
  dataset: Dataset,
  {
    removedPaths,
    replacedPaths,
    privateCreator,
  }: Pick<Modification, "removedPaths" | "replacedPaths" | "privateCreator">,
): Dataset {
  let edited = dataset;
  for (const { steps, tag } of removedPaths) edited = editAt(edited, steps, (item) => without(item, tag));
  for (const { path, value } of replacedPaths) {
    edited = editAt(edited, path.steps, (item) => {
      const { littleEndian, charset } = item;
      const elements = new Map(item.elements);
      replaceAttribute({ elements, littleEndian, charset, privateCreator }, path.tag, value);
      return new Dataset(elements, littleEndian, charset);
    });
  }
  return edited;
}

function editAt(dataset: Dataset, [step, ...rest]: readonly PathStep[], edit: Edit): Dataset {
  if (step === undefined) return edit(dataset);
  const element = dataset.get(step.tag);
  const items = element === undefined ? undefined : itemsOf(element, dataset);
  if (element === undefined || items === undefined) return dataset;
  const edited = items.map((item, index) =>
    step.index === undefined || step.index === index ? editAt(item, rest, edit) : item,
  );
  const { tag, offset, length } = element;
  const elements = new Map(dataset.elements).set(tag, { tag, vr: "SQ", offset, length, items: edited });
  return new Dataset(elements, dataset.littleEndian, dataset.charset);
}

function without(dataset: Dataset, tag: Tag): Dataset {
  return new Dataset(
    [...dataset].filter((element) => element.tag !== tag),
    dataset.littleEndian,
    dataset.charset,
  );
}
