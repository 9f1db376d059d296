import type { Dataset } from "../../dicom/dataset.ts";
import type { Tag } from "../../dicom/tag.ts";
import type { Rescale, Window } from "./brightness.ts";

/** How an image wants its values to be shown. */
export interface Display {
  readonly rescale: Rescale;
  /** The first of its windows; undefined without any. */
  readonly window: Window | undefined;
}

const tags = {
  WindowCenter: 0x00281050,
  WindowWidth: 0x00281051,
  RescaleIntercept: 0x00281052,
  RescaleSlope: 0x00281053,
  FrameVOILUTSequence: 0x00289132,
  PixelValueTransformationSequence: 0x00289145,
  SharedFunctionalGroupsSequence: 0x52009229,
  PerFrameFunctionalGroupsSequence: 0x52009230,
} as const;

/**
 * The display of a frame, counted from 0: by the attributes of the image, or by the functional groups of the frame (PS3.3 §C.7.6.16.2.9,
 * §C.7.6.16.2.10). Orthanc does not know those that all frames share, and neither do the windows that its clients ask for: `withShared` tells
 * whether they count.
 */
export function frameDisplay(
  dataset: Dataset,
  frame: number,
  { withShared }: { readonly withShared: boolean },
): Display {
  const [ofAll] = withShared ? dataset.items(tags.SharedFunctionalGroupsSequence) : [];
  const groups = [dataset.items(tags.PerFrameFunctionalGroupsSequence)[frame], ofAll];
  const macros = (macro: Tag): readonly (Dataset | undefined)[] => [
    dataset,
    ...groups.map((group) => group?.items(macro)[0]),
  ];
  const window = firstPair(macros(tags.FrameVOILUTSequence), tags.WindowCenter, tags.WindowWidth);
  const rescale = firstPair(macros(tags.PixelValueTransformationSequence), tags.RescaleSlope, tags.RescaleIntercept);
  return {
    rescale: rescale === undefined ? { slope: 1, intercept: 0 } : { slope: rescale[0], intercept: rescale[1] },
    window: window === undefined ? undefined : { center: window[0], width: window[1] },
  };
}

/** The numbers of the first dataset that has both. */
function firstPair(
  datasets: readonly (Dataset | undefined)[],
  first: Tag,
  second: Tag,
): readonly [number, number] | undefined {
  for (const dataset of datasets) {
    const [one, other] = [dataset?.number(first), dataset?.number(second)];
    if (one !== undefined && other !== undefined) return [one, other];
  }
  return undefined;
}
