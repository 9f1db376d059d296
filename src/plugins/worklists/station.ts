import { Dataset, type Element, type Tag } from "../../plugin-api.ts";

const ScheduledProcedureStepSequence: Tag = 0x00400100;
const ScheduledStationAETitle: Tag = 0x00400001;
const PregnancyStatus: Tag = 0x001021c0;

/** Whether a query says for which station it asks. */
export function namesStation(query: Dataset): boolean {
  const [step] = query.items(ScheduledProcedureStepSequence);
  return !["", "*"].includes(step?.text(ScheduledStationAETitle)?.trim() ?? "");
}

/** The query without an empty Pregnancy Status, which some modalities send. */
export function withoutEmptyPregnancyStatus(query: Dataset): Dataset {
  return query.strings(PregnancyStatus).length > 0
    ? query
    : changed(query, (elements) => elements.delete(PregnancyStatus));
}

/** The worklist with no other steps than those of a station; undefined when none is left. One without steps stays as it is. */
export function forStation(worklist: Dataset, station: string): Dataset | undefined {
  const element = worklist.get(ScheduledProcedureStepSequence);
  if (element?.items === undefined) return worklist;
  const items = element.items.filter((step) => step.strings(ScheduledStationAETitle).includes(station));
  if (items.length === 0) return undefined;
  return changed(worklist, (elements) => elements.set(ScheduledProcedureStepSequence, { ...element, items }));
}

function changed(dataset: Dataset, change: (elements: Map<Tag, Element>) => void): Dataset {
  const elements = new Map(dataset.elements);
  change(elements);
  return new Dataset(elements, dataset.littleEndian, dataset.charset);
}
