import { type LocalClient, ServerError } from "../../plugin-api.ts";
import type { ReconstructLevel } from "./settings.ts";
import { members, type Work } from "./setup.ts";

/** Does the work with one study through the REST API. A study that went away in the meantime needs nothing. */
export async function processStudy(
  ask: LocalClient,
  study: string,
  work: Work,
  level: ReconstructLevel,
): Promise<void> {
  try {
    if (work.files) await ask("POST", `/studies/${study}/reconstruct`, { ReconstructFiles: true });
    else if (work.tags) await reconstruct(ask, study, level);
    if (work.cache) await ask("POST", `/studies/${study}/update-dicomweb-cache`);
  } catch (error) {
    if (!(error instanceof ServerError) || error.errorName !== "UnknownResource") throw error;
  }
}

async function reconstruct(ask: LocalClient, study: string, level: ReconstructLevel): Promise<void> {
  if (level === "All") {
    await ask("POST", `/studies/${study}/reconstruct`);
    return;
  }
  for await (const resource of resourcesOf(ask, study, level)) {
    await ask("POST", `${resource}/reconstruct`, { LimitToThisLevelMainDicomTags: true });
  }
}

/** The paths of the study itself, of its patient, or of what is below it. */
async function* resourcesOf(
  ask: LocalClient,
  study: string,
  level: Exclude<ReconstructLevel, "All">,
): AsyncGenerator<string, void, void> {
  if (level === "Study") {
    yield `/studies/${study}`;
    return;
  }
  const { ParentPatient, Series } = members(await (await ask("GET", `/studies/${study}`)).json());
  if (level === "Patient") {
    yield `/patients/${String(ParentPatient)}`;
    return;
  }
  for (const series of listOf(Series)) {
    if (level === "Series") {
      yield `/series/${series}`;
      continue;
    }
    const { Instances } = members(await (await ask("GET", `/series/${series}`)).json());
    for (const instance of listOf(Instances)) yield `/instances/${instance}`;
  }
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
