import type { Archive } from "../archive/archive.ts";
import type { Catalog } from "../catalog/catalog.ts";
import { parseAccept } from "../http/accept.ts";
import { stream } from "../http/reply.ts";
import type { HttpRequest, Reply, Route } from "../http/route.ts";
import { jsonModelType, xmlModelType } from "./answer-format.ts";
import { dicomWebUrl, resourceUrl } from "./base-url.ts";
import { fullMetadata, mainTagsMetadata } from "./instance-metadata.ts";
import type { DicomWebOptions, MetadataMode } from "./options.ts";
import { notAcceptable, partRange } from "./wado-accept.ts";
import { findInstances, resourcePath, type WadoInstance } from "./wado-find.ts";
import { xmlModels } from "./xml-answer.ts";

export interface WadoMetadataParts {
  readonly archive: Pick<Archive, "header" | "dataset">;
  readonly catalog: Pick<Catalog, "find">;
  readonly options: DicomWebOptions;
}

/** Metadata of studies, series and instances (PS3.18 §10.4.1.1.2). */
export function wadoMetadataRoutes(parts: WadoMetadataParts): readonly Route[] {
  const { root, studiesMetadata, seriesMetadata } = parts.options;
  const study = `${root}studies/{study}`;
  const levels: readonly { readonly path: string; readonly what: string; readonly mode: MetadataMode }[] = [
    { path: study, what: "a study", mode: studiesMetadata },
    { path: `${study}/series/{series}`, what: "a series", mode: seriesMetadata },
    { path: `${study}/series/{series}/instances/{instance}`, what: "an instance", mode: "Full" },
  ];
  return levels.map(({ path, what, mode }) => ({
    method: "GET",
    path: `${path}/metadata`,
    tag: "DICOMweb",
    summary: `Metadata of ${what} (WADO-RS)`,
    handle: async (request) => await metadata(parts, mode, request),
  }));
}

async function metadata(parts: WadoMetadataParts, mode: MetadataMode, request: HttpRequest): Promise<Reply> {
  const format = acceptedFormat(request.headers.accept);
  const instances = await findInstances(parts.catalog, resourcePath(request.parameters));
  const models = instanceModels(parts, mode, instances, dicomWebUrl(request, parts.options));
  return format === "xml" ? xmlModels(models) : stream(jsonModelType, jsonArray(models));
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

async function* instanceModels(
  { archive, options }: WadoMetadataParts,
  mode: MetadataMode,
  instances: readonly WadoInstance[],
  base: string,
): AsyncGenerator<string, void, void> {
  for (const instance of instances) {
    if (mode === "MainDicomTags") {
      yield mainTagsMetadata(instance);
      continue;
    }
    const model = await fullMetadata(archive, instance, {
      bulkDataUrl: `${resourceUrl(base, instance)}/bulk/`,
      otherBinaryMode: options.otherBinaryMode,
    });
    if (model !== undefined) yield model;
  }
}

async function* jsonArray(models: AsyncIterable<string>): AsyncGenerator<Uint8Array, void, void> {
  let before = "[";
  for await (const model of models) {
    yield Buffer.from(before + model);
    before = ",";
  }
  yield Buffer.from(before === "[" ? "[]" : "]");
}
