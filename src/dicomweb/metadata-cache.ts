import { createHash } from "node:crypto";
import type { Archive } from "../archive/archive.ts";
import { dicomAttachment, metadataNumbers as numbers } from "../archive/metadata-numbers.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { ServerError } from "../util/errors.ts";
import type { Log } from "../util/log.ts";
import { jsonElements } from "./json-list.ts";
import { dropKeptMetadata, keepMetadata, openKeptMetadata } from "./kept-metadata.ts";
import { markBulkDataUrls } from "./marked-json.ts";
import { recorded } from "./recorded.ts";
import { seriesModels, type SeriesModelsParts } from "./series-models.ts";
import { onStableSeries } from "./stable-series.ts";
import { instancesOfSeries, seriesOfStudy, type WadoInstance } from "./wado-find.ts";

/** To be raised when files are described in another way. */
const version = "1";

/** The full metadata of series, kept beside them once they were made (`EnableMetadataCache`). */
export interface MetadataCache {
  /** The metadata of the instances of a series as elements of a JSON array, with marks for `withBaseUrl`. */
  series(publicId: string): AsyncIterable<Uint8Array>;
  /** Makes what is kept of the series of a study anew. False when there is no such study; `BadRequest` when nothing may be kept. */
  refresh(study: string): Promise<boolean>;
  /** Gives up what is being written. */
  close(): Promise<void>;
}

export interface MetadataCacheParts extends Pick<SeriesModelsParts, "options"> {
  readonly archive: Pick<Archive, "headerOnce" | "dataset" | "open" | "attach" | "detach" | "subscribe">;
  readonly catalog: Pick<Catalog, "find" | "levelOf">;
  readonly use: {
    /** `EnableMetadataCache` */
    readonly read: boolean;
    /** Nothing is written with `ReadOnly`. */
    readonly write: boolean;
    /** Series are made ready when they become stable; else when they are first asked for. */
    readonly ahead: boolean;
  };
  /** What metadata depend on besides the files and the options. */
  readonly settings: () => string;
  readonly log: Log;
}

/** What is kept of a series is good as long as its instances, their files and the settings stay the same. */
export function createMetadataCache(parts: MetadataCacheParts): MetadataCache {
  const { archive, catalog, use, log } = parts;
  const reading: SeriesModelsParts = {
    options: parts.options,
    archive: { header: (instance) => archive.headerOnce(instance), dataset: (instance) => archive.dataset(instance) },
  };
  const writing = new Set<string>();
  const closing = new AbortController();

  async function* made(
    publicId: string,
    instances: readonly WadoInstance[],
    digest: string,
  ): AsyncGenerator<Uint8Array, void, void> {
    const text = jsonElements(markedModels(reading, instances, closing.signal));
    if (!use.write || writing.has(publicId)) {
      yield* text;
      return;
    }
    writing.add(publicId);
    try {
      yield* recorded(text, {
        write: (copy) => keepMetadata(archive, publicId, digest, copy),
        failed: (error) => log.warn(`the metadata of the series ${publicId} cannot be kept`, { error }),
      });
    } finally {
      writing.delete(publicId);
    }
  }
  async function* series(publicId: string, isMadeAnew = false): AsyncGenerator<Uint8Array, void, void> {
    const instances = await instancesOfSeries(catalog, publicId);
    const digest = digestOf(parts, instances);
    const kept = use.read && !isMadeAnew ? await openKeptMetadata(archive, publicId, digest) : undefined;
    if (kept === undefined) {
      yield* made(publicId, instances, digest);
      return;
    }
    try {
      yield* kept;
    } catch (error) {
      // The next request makes it anew.
      if (use.write) await dropKeptMetadata(archive, publicId);
      throw error;
    }
  }
  const background = use.ahead
    ? onStableSeries(archive, (publicId) => readToEnd(series(publicId)), { log })
    : undefined;

  return {
    series,
    async refresh(study) {
      if (!use.read || !use.write) throw new ServerError("BadRequest", "the cache of DICOMweb metadata is not enabled");
      if ((await catalog.levelOf(study)) !== "Study") return false;
      for (const publicId of await seriesOfStudy(catalog, study)) await readToEnd(series(publicId, true));
      return true;
    },
    async close() {
      closing.abort();
      await background?.close();
    },
  };
}

async function* markedModels(
  parts: SeriesModelsParts,
  instances: readonly WadoInstance[],
  closing: AbortSignal,
): AsyncGenerator<string, void, void> {
  for await (const model of seriesModels(parts, { mode: "Full", extrapolatedTags: [] }, instances, "")) {
    closing.throwIfAborted();
    yield markBulkDataUrls(model);
  }
}

function digestOf({ options, settings }: MetadataCacheParts, instances: readonly WadoInstance[]): string {
  const hash = createHash("md5").update([version, options.otherBinaryMode, settings()].join(" "));
  for (const { id, found } of instances) {
    const { attachments = [], metadata = {} } = found;
    const file = attachments.find(({ type }) => type === dicomAttachment)?.uuid;
    const { [numbers.IndexInSeries]: index, [numbers.TransferSyntax]: syntax, [numbers.PixelDataVR]: vr } = metadata;
    hash.update(`\n${[id, file, index, syntax, vr].join(" ")}`);
  }
  return hash.digest("hex");
}

async function readToEnd(stream: AsyncIterator<Uint8Array>): Promise<void> {
  while ((await stream.next()).done !== true);
}
