import type { Archive } from "../archive/archive.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { parseAccept } from "../http/accept.ts";
import { emptyObject, stream } from "../http/reply.ts";
import type { HttpRequest, Reply, Route } from "../http/route.ts";
import { ServerError } from "../util/errors.ts";
import { jsonModelType, xmlModelType } from "./answer-format.ts";
import { dicomWebUrl } from "./base-url.ts";
import { jsonArray, jsonElements } from "./json-list.ts";
import { withBaseUrl } from "./marked-json.ts";
import type { MetadataCache } from "./metadata-cache.ts";
import type { DicomWebOptions, MetadataWay } from "./options.ts";
import { seriesModels } from "./series-models.ts";
import { notAcceptable, partRange } from "./wado-accept.ts";
import { findInstance, findSeries, instancesOfSeries, resourcePath } from "./wado-find.ts";
import { xmlModels } from "./xml-answer.ts";

export interface WadoMetadataParts {
  readonly archive: Pick<Archive, "header" | "dataset">;
  readonly catalog: Pick<Catalog, "find">;
  readonly options: DicomWebOptions;
  readonly metadataCache: MetadataCache;
}

const full: MetadataWay = { mode: "Full", extrapolatedTags: [] };

/** Metadata of studies, series and instances (PS3.18 §10.4.1.1.2). */
export function wadoMetadataRoutes(parts: WadoMetadataParts): readonly Route[] {
  const { root, studiesMetadata, seriesMetadata } = parts.options;
  const study = `${root}studies/{study}`;
  const levels: readonly { readonly path: string; readonly what: string; readonly way: MetadataWay }[] = [
    { path: study, what: "a study", way: studiesMetadata },
    { path: `${study}/series/{series}`, what: "a series", way: seriesMetadata },
    { path: `${study}/series/{series}/instances/{instance}`, what: "an instance", way: full },
  ];
  return [
    ...levels.map(({ path, what, way }): Route => ({
      method: "GET",
      path: `${path}/metadata`,
      tag: "DICOMweb",
      summary: `Metadata of ${what} (WADO-RS)`,
      handle: async (request) => await metadata(parts, way, request),
    })),
    {
      method: "POST",
      path: "/studies/{id}/update-dicomweb-cache",
      tag: "DICOMweb",
      summary: "Make the metadata that are kept of a study anew",
      writes: true,
      async handle({ parameters: { id = "" } }) {
        if (!(await parts.metadataCache.refresh(id))) {
          throw new ServerError("UnknownResource", `there is no study with the identifier ${id}`);
        }
        return emptyObject();
      },
    },
  ];
}

async function metadata(parts: WadoMetadataParts, way: MetadataWay, request: HttpRequest): Promise<Reply> {
  const format = acceptedFormat(request.headers.accept);
  const path = resourcePath(request.parameters);
  const base = dicomWebUrl(request, parts.options);
  if (path.instance !== undefined) {
    const models = seriesModels(parts, way, [await findInstance(parts.catalog, path)], base);
    return format === "xml" ? xmlModels(models) : stream(jsonModelType, jsonArray([jsonElements(models)]));
  }
  const series = await findSeries(parts.catalog, path);
  if (format === "xml") return xmlModels(modelsOf(parts, way, series, base));
  if (way.mode !== "Full") return stream(jsonModelType, jsonArray([jsonElements(modelsOf(parts, way, series, base))]));
  const kept = series.values().map((publicId) => withBaseUrl(parts.metadataCache.series(publicId), base));
  return stream(jsonModelType, jsonArray(kept));
}

/** @throws ServerError BadRequest when neither JSON nor XML will do */
function acceptedFormat(header: string | undefined): "json" | "xml" {
  for (const range of parseAccept(header)) {
    const type = partRange(range)?.type ?? range.type;
    if (type === jsonModelType || type === "application/json" || type === "*/*" || type === "application/*") {
      return "json";
    }
    if (type === xmlModelType) return "xml";
  }
  throw notAcceptable(header, jsonModelType);
}

async function* modelsOf(
  parts: WadoMetadataParts,
  way: MetadataWay,
  series: readonly string[],
  base: string,
): AsyncGenerator<string, void, void> {
  for (const publicId of series) {
    yield* seriesModels(parts, way, await instancesOfSeries(parts.catalog, publicId), base);
  }
}
