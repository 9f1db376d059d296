import type { Archive } from "../archive/archive.ts";
import { mapAhead } from "../archive/ahead.ts";
import { resourceUrl } from "./base-url.ts";
import { extrapolatedAttributes } from "./extrapolated-metadata.ts";
import { fullMetadata, mainTagsMetadata } from "./instance-metadata.ts";
import type { DicomWebOptions, MetadataWay } from "./options.ts";
import type { WadoInstance } from "./wado-find.ts";

export interface SeriesModelsParts {
  readonly archive: Pick<Archive, "header" | "dataset">;
  readonly options: Pick<DicomWebOptions, "otherBinaryMode" | "metadataAhead">;
}

/** The instances of a series in the DICOM JSON model, one text each; those that went away are left out. `base` is what their URLs begin with. */
export async function* seriesModels(
  { archive, options }: SeriesModelsParts,
  { mode, extrapolatedTags }: MetadataWay,
  instances: readonly WadoInstance[],
  base: string,
): AsyncGenerator<string, void, void> {
  if (mode === "Full") {
    const models = mapAhead(instances, options.metadataAhead, (instance) =>
      fullMetadata(archive, instance, {
        bulkDataUrl: `${resourceUrl(base, instance)}/bulk/`,
        otherBinaryMode: options.otherBinaryMode,
      }),
    );
    for await (const model of models) if (model !== undefined) yield model;
    return;
  }
  const extrapolated = mode === "Extrapolate" ? await extrapolatedAttributes(archive, instances, extrapolatedTags) : {};
  for (const instance of instances) yield mainTagsMetadata(instance, extrapolated);
}
