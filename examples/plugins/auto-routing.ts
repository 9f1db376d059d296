/**
 * Sends each study on as soon as it is stable. In the configuration:
 *
 *   "Plugins": ["examples/plugins/auto-routing.ts"],
 *   "AutoRouting": {
 *     "Routes": [{ "Modalities": ["CT", "MR"], "DicomWebServer": "cloud" }, { "Modality": "viewer" }]
 *   }
 *
 * `DicomWebServer` is a name under `DicomWeb.Servers`, `Modality` one under `DicomModalities`. A route without
 * `Modalities` takes every study.
 */
import { ServerError, type Plugin, type PluginServer } from "greyhaven/plugin";

interface Route {
  /** A study with a series of one of these goes this way; undefined: every study. */
  readonly modalities: ReadonlySet<string> | undefined;
  /** What is asked of our own REST API to send it. */
  readonly target: `/${string}`;
}

const autoRouting: Plugin = {
  id: "auto-routing",
  version: "1.0.0",
  description: "Sends studies on when they are stable",
  isEnabled: (configuration) => configuration.section("AutoRouting") !== undefined,
  async start(server) {
    const routes = readRoutes(server.section("AutoRouting"));
    server.subscribe(async (event) => {
      if (event.type === "Change" && event.change === "StableStudy")
        await send(server, routes, event.resource.publicId);
    });
    return {};
  },
};

export default autoRouting;

/** Submits a job for each route that the study takes: the server sends, repeats and resumes. */
async function send({ ask, log }: PluginServer, routes: readonly Route[], study: string): Promise<void> {
  const present = await modalitiesOf(ask, study);
  for (const { modalities, target } of routes) {
    if (modalities !== undefined && !present.some((modality) => modalities.has(modality))) continue;
    const job = await ask("POST", target, { Resources: [study], Asynchronous: true });
    log.info(`the study ${study} goes to ${target}`, { job: await job.json() });
  }
}

async function modalitiesOf(ask: PluginServer["ask"], study: string): Promise<readonly string[]> {
  const answer = await ask("GET", `/studies/${study}?requested-tags=ModalitiesInStudy`);
  const { RequestedTags } = (await answer.json()) as { RequestedTags: { ModalitiesInStudy?: string } };
  return RequestedTags.ModalitiesInStudy?.split("\\") ?? [];
}

/** The server knows nothing of our section, so that we check it ourselves. */
function readRoutes(section: unknown): readonly Route[] {
  const { Routes } = fields(section);
  if (!Array.isArray(Routes)) throw new ServerError("BadFileFormat", "AutoRouting.Routes: expected an array");
  return Routes.map((route: unknown, at) => {
    const { Modalities, DicomWebServer, Modality } = fields(route);
    return {
      modalities: Array.isArray(Modalities) ? new Set(Modalities.map(String)) : undefined,
      target: target(DicomWebServer, Modality, `AutoRouting.Routes[${at}]`),
    };
  });
}

function target(dicomWebServer: unknown, modality: unknown, place: string): Route["target"] {
  if (typeof dicomWebServer === "string") return `/dicom-web/servers/${encodeURIComponent(dicomWebServer)}/stow`;
  if (typeof modality === "string") return `/modalities/${encodeURIComponent(modality)}/store`;
  throw new ServerError("BadFileFormat", `${place}: expected the name of a "DicomWebServer" or a "Modality"`);
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
