import type { Catalog, FoundResource } from "../catalog/catalog.ts";
import { ServerError } from "../util/errors.ts";
import { metadataNumbers } from "./metadata-numbers.ts";

/** The instances of a series in the order of space (`Volume`), or that of their numbers. */
export interface OrderedSlices {
  readonly type: "Volume" | "Sequence";
  readonly slices: readonly Slice[];
}

export interface Slice {
  readonly instance: string;
  readonly frames: number;
}

interface SliceFacts extends Slice {
  readonly position: Vector | undefined;
  /** Of length 1, perpendicular to the slice (PS3.3 §C.7.6.2.1.1). */
  readonly normal: Vector | undefined;
  readonly index: number | undefined;
}

type Vector = readonly [x: number, y: number, z: number];

/** The catalog's keys of main DICOM tags. */
const keys = { NumberOfFrames: "00280008", ImagePositionPatient: "00200032", ImageOrientationPatient: "00200037" };

/**
 * Orders the instances of a series. Throws `UnknownResource` without such a series, `CannotOrderSlices` when they have neither places
 * nor numbers.
 */
export async function orderedSlices(catalog: Pick<Catalog, "find">, series: string): Promise<OrderedSlices> {
  const [found] = await catalog.find({ level: "Series", publicIds: [series], include: {} });
  if (found === undefined) throw new ServerError("UnknownResource", `There is no series ${series}`);
  const include = { mainDicomTags: ["Instance"], metadata: true } as const;
  const slices = (await catalog.find({ level: "Instance", relatedTo: found, include })).map(factsOf);
  const bySpace = spatialOrder(slices);
  if (bySpace !== undefined) return { type: "Volume", slices: bySpace.map(sliceOf) };
  const byNumber = slices.length === 1 ? slices : numericOrder(slices);
  if (byNumber !== undefined) return { type: "Sequence", slices: byNumber.map(sliceOf) };
  throw new ServerError("CannotOrderSlices", `Unable to order the slices of the series ${series}`);
}

function factsOf({ publicId, mainDicomTags, metadata }: FoundResource): SliceFacts {
  const tags = mainDicomTags?.Instance ?? {};
  const frames = Number(tags[keys.NumberOfFrames] ?? "1");
  const [position] = vectors(tags[keys.ImagePositionPatient], 1);
  const [row, column] = vectors(tags[keys.ImageOrientationPatient], 2);
  const index = Number(metadata?.[metadataNumbers.IndexInSeries] ?? "none");
  return {
    instance: publicId,
    frames: Number.isInteger(frames) && frames > 0 ? frames : 1,
    position,
    normal: row === undefined || column === undefined ? undefined : unit(crossProduct(row, column)),
    index: Number.isInteger(index) ? index : undefined,
  };
}

/** `count` vectors of a text with three times as many numbers; none when it has others. */
function vectors(text: string | undefined, count: number): readonly Vector[] {
  const numbers = (text ?? "").split("\\").map((number) => (number.trim() === "" ? Number.NaN : Number(number)));
  if (numbers.length !== count * 3 || numbers.some((number) => !Number.isFinite(number))) return [];
  return Array.from({ length: count }, (_, at): Vector => {
    const [x = 0, y = 0, z = 0] = numbers.slice(at * 3);
    return [x, y, z];
  });
}

function crossProduct([a, b, c]: Vector, [x, y, z]: Vector): Vector {
  return [b * z - c * y, c * x - a * z, a * y - b * x];
}

function dotProduct([a, b, c]: Vector, [x, y, z]: Vector): number {
  return a * x + b * y + c * z;
}

function unit(vector: Vector): Vector | undefined {
  const length = Math.hypot(...vector);
  const [x, y, z] = vector;
  return length === 0 ? undefined : [x / length, y / length, z / length];
}

/** What is as near as this is the same: ten times the precision of a float of 32 bits. */
const tolerance = 10 * 2 ** -23;

/** Along the normal of the first slice; undefined unless the slices are parallel, and each is in a place of its own. */
function spatialOrder(slices: readonly SliceFacts[]): readonly SliceFacts[] | undefined {
  const normal = slices[0]?.normal;
  if (slices.length < 2 || normal === undefined) return undefined;
  const placed: { readonly slice: SliceFacts; readonly distance: number }[] = [];
  for (const slice of slices) {
    const isParallel = slice.normal === undefined || Math.abs(dotProduct(slice.normal, normal)) >= 1 - tolerance;
    if (slice.position === undefined || !isParallel) return undefined;
    placed.push({ slice, distance: dotProduct(slice.position, normal) });
  }
  placed.sort((one, other) => one.distance - other.distance);
  const isEachAlone = placed.every(({ distance }, at) => {
    const before = placed[at - 1];
    return before === undefined || distance - before.distance > tolerance;
  });
  return isEachAlone ? placed.map(({ slice }) => slice) : undefined;
}

function numericOrder(slices: readonly SliceFacts[]): readonly SliceFacts[] | undefined {
  if (slices.some(({ index }) => index === undefined)) return undefined;
  return slices.toSorted((one, other) => (one.index ?? 0) - (other.index ?? 0));
}

function sliceOf({ instance, frames }: SliceFacts): Slice {
  return { instance, frames };
}
