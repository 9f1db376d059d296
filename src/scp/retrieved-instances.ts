import type { Catalog, Level, TagMatch } from "../catalog/catalog.ts";
import type { Dataset } from "../dicom/dataset.ts";
import { keywordOf } from "../dicom/dictionary.ts";
import { tagHex, type Tag } from "../dicom/tag.ts";
import { bySeriesAndIndex } from "../remotes/stow-resources.ts";
import { ServerError } from "../util/errors.ts";
import { levelNames, levelOf } from "./query-retrieve-level.ts";

/** An instance that was asked for by C-MOVE or C-GET. */
export interface RetrievedInstance {
  readonly publicId: string;
  readonly SOPInstanceUID: string;
}

const PatientID: Tag = 0x00100020;
const AccessionNumber: Tag = 0x00080050;
const StudyInstanceUID: Tag = 0x0020000d;
const SeriesInstanceUID: Tag = 0x0020000e;
const SOPInstanceUID: Tag = 0x00080018;

/** The unique keys of each level (PS3.4 §C.6.1.1), the first that has a value counts. */
const keys: Readonly<Record<Level, readonly Tag[]>> = {
  Patient: [PatientID],
  Study: [AccessionNumber, StudyInstanceUID],
  Series: [SeriesInstanceUID],
  Instance: [SOPInstanceUID],
};
const fromLowest: readonly Level[] = ["Instance", "Series", "Study", "Patient"];

/**
 * The instances below what an identifier of C-MOVE or C-GET names (PS3.4 §C.4.2.1.4), series by series. Throws `BadRequest` when it
 * names nothing, `UnknownResource` when there is none.
 */
export async function retrievedInstances(
  catalog: Pick<Catalog, "find">,
  identifier: Dataset,
): Promise<readonly RetrievedInstance[]> {
  const { tag, value } = namedBy(identifier);
  const found = await catalog.find({
    level: "Instance",
    constraints: [{ tag, caseSensitive: true, ...matchOf(value) }],
    include: { ancestors: true, metadata: true, mainDicomTags: ["Instance"] },
  });
  if (found.length === 0) {
    throw new ServerError("UnknownResource", `there is nothing with ${keywordOf(tag)} ${value}`);
  }
  return found.toSorted(bySeriesAndIndex).map(({ publicId, mainDicomTags }) => ({
    publicId,
    SOPInstanceUID: mainDicomTags?.Instance?.[tagHex(SOPInstanceUID)] ?? "",
  }));
}

/** The key of the level; without a level the lowest key that there is. */
function namedBy(identifier: Dataset): { readonly tag: Tag; readonly value: string } {
  const level = levelOf(identifier);
  const candidates = level === undefined ? fromLowest.flatMap((each) => keys[each]) : keys[level];
  for (const tag of candidates) {
    const value = identifier.text(tag)?.trim() ?? "";
    if (value !== "") return { tag, value };
  }
  const expected = candidates.map((tag) => keywordOf(tag)).join(" or ");
  const where = level === undefined ? "" : ` at level ${levelNames[level]}`;
  throw new ServerError("BadRequest", `the identifier names nothing${where}: expected ${expected}`);
}

function matchOf(value: string): TagMatch {
  if (!value.includes("\\")) return { match: "equal", value };
  return { match: "list", values: value.split("\\").map((part) => part.trim()) };
}
