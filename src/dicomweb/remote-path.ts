import type { ResourcePath } from "./wado-find.ts";

/** `studies/…[/series/…[/instances/…]]`, to be appended to the URL of a DICOMweb server. */
export function remotePath({ study, series, instance }: ResourcePath): string {
  const below = series === undefined ? "" : `/series/${encodeURIComponent(series)}`;
  const file = series === undefined || instance === undefined ? "" : `/instances/${encodeURIComponent(instance)}`;
  return `studies/${encodeURIComponent(study)}${below}${file}`;
}
