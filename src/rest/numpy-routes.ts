import { mapAhead } from "../archive/ahead.ts";
import { mapConcurrently } from "../archive/map-concurrently.ts";
import { orderedSlices } from "../archive/ordered-slices.ts";
import type { Pictures } from "../archive/pictures.ts";
import type { FindFrames } from "../archive/stored-frames.ts";
import { writeZip, type ZipSource } from "../archive/zip/write-zip.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { booleanArgument } from "../http/query.ts";
import { stream } from "../http/reply.ts";
import type { HttpRequest, Reply, Route, RouteParameter } from "../http/route.ts";
import type { FrameShape, NativeFrame } from "../pixels/frame.ts";
import { frameShape } from "../pixels/frame-shape.ts";
import { ServerError } from "../util/errors.ts";
import { checkedFrameNumber } from "./frame-number.ts";
import { numpyHeader } from "./numpy-file.ts";

export interface NumpyParts {
  readonly catalog: Pick<Catalog, "find">;
  readonly pictures: Pick<Pictures, "numbersOf">;
  readonly findFrames: FindFrames;
  /** Frames that are decoded at the same time. */
  readonly framesAhead: number;
}

const parameters: readonly RouteParameter[] = [
  { name: "rescale", in: "query", type: "boolean", summary: "Units as floats instead of stored values (default)" },
  { name: "compress", in: "query", type: "boolean", summary: "In a ZIP archive, which NumPy reads too" },
];

/** Frames, instances and series as arrays of NumPy. */
export function numpyRoutes(parts: NumpyParts): readonly Route[] {
  return [
    route("/instances/{id}/frames/{frame}/numpy", "A frame for NumPy: rows, columns, samples", async (request) => {
      const frame = checkedFrameNumber(request);
      return await numpyReply(parts, request, { places: [{ instance: idOf(request), frame }] });
    }),
    route("/instances/{id}/numpy", "All frames for NumPy: frames, rows, columns, samples", async (request) => {
      const instance = idOf(request);
      const { frames } = await parts.findFrames(instance);
      return await numpyReply(parts, request, { places: framesOf(instance, frames.count), count: frames.count });
    }),
    route("/series/{id}/numpy", "All frames of the series, in order, for NumPy", async (request) => {
      const { slices } = await orderedSlices(parts.catalog, idOf(request));
      const sizes = await equalSizes(
        parts.findFrames,
        slices.map(({ instance }) => instance),
      );
      const places = sizes.flatMap(({ instance, frames }) => [...framesOf(instance, frames)]);
      return await numpyReply(parts, request, { places, count: places.length });
    }),
  ];
}

function route(path: string, summary: string, handle: Route["handle"]): Route {
  return { method: "GET", path, tag: path.startsWith("/series") ? "series" : "instances", summary, parameters, handle };
}

function idOf({ parameters: { id = "" } }: HttpRequest): string {
  return id;
}

interface FramePlace {
  readonly instance: string;
  readonly frame: number;
}

function* framesOf(instance: string, count: number): Generator<FramePlace, void, void> {
  for (let frame = 0; frame < count; frame++) yield { instance, frame };
}

const headersAtOnce = 4;

/** How many frames each of the instances has. Throws `IncompatibleImageSize` when those of one have another size than those of the others. */
async function equalSizes(
  findFrames: FindFrames,
  instances: readonly string[],
): Promise<readonly { readonly instance: string; readonly frames: number }[]> {
  let first: FrameShape | undefined;
  return await mapConcurrently(instances, headersAtOnce, async (instance) => {
    const { dataset, frames } = await findFrames(instance);
    const shape = frameShape(dataset);
    first ??= shape;
    if (shape.rows !== first.rows || shape.columns !== first.columns) throw differentSizes();
    return { instance, frames: frames.count };
  });
}

function differentSizes(): ServerError {
  return new ServerError("IncompatibleImageSize", "the frames are of different sizes or kinds");
}

interface NumpyArray {
  readonly places: Iterable<FramePlace>;
  /** Length of the axis of frames; undefined: a single frame, without that axis. */
  readonly count?: number;
}

async function numpyReply(parts: NumpyParts, { query }: HttpRequest, array: NumpyArray): Promise<Reply> {
  const rescaled = booleanArgument(query, "rescale", true);
  const compress = booleanArgument(query, "compress", false);
  const frames = mapAhead(array.places, parts.framesAhead, ({ instance, frame }) =>
    parts.pictures.numbersOf(instance, frame, { rescaled }),
  );
  const { value: first } = await frames.next();
  if (first === undefined) throw new ServerError("InexistentItem", "there are no frames");
  const header = numpyHeader(first.shape, array.count);
  const length = header.length + first.bytes.length * (array.count ?? 1);
  const body = fileParts(header, first, frames);
  const type = "application/octet-stream";
  return compress ? stream(type, zipped(body, length)) : stream(type, body, { length });
}

async function* fileParts(
  header: Buffer,
  first: NativeFrame,
  others: AsyncIterable<NativeFrame>,
): AsyncGenerator<Uint8Array, void, void> {
  yield header;
  yield first.bytes;
  const start = numpyHeader(first.shape);
  for await (const { shape, bytes } of others) {
    if (!numpyHeader(shape).equals(start)) throw differentSizes();
    yield bytes;
  }
}

/** The name that NumPy gives to an array without one. */
const arrayName = "arr_0";

async function* zipped(body: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Buffer, void, void> {
  async function* sources(): AsyncGenerator<ZipSource, void, void> {
    yield { name: arrayName, open: () => Promise.resolve({ size, stream: body }) };
  }
  yield* writeZip(sources(), { filesAhead: 1, date: new Date() });
}
