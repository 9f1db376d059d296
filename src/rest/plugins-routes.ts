import { bytes, json, notFound } from "../http/reply.ts";
import type { Route } from "../http/route.ts";

/** A plugin that runs, as `/plugins` shows it. */
export interface RunningPluginInfo {
  readonly id: string;
  readonly version: string;
  readonly description: string;
  /** Page of its own, from `/`, with or without that slash. */
  readonly rootUri?: string;
}

/** Orthanc's script of user interface extensions; ours has none, but clients ask for it. */
const explorer = "explorer.js";

/** `/plugins…` */
export function pluginsRoutes(parts: { readonly plugins: readonly RunningPluginInfo[] }): readonly Route[] {
  const { plugins } = parts;
  return [
    {
      method: "GET",
      path: "/plugins",
      tag: "System",
      summary: "Ids of the plugins",
      handle: () => json([explorer, ...plugins.map(({ id }) => id)]),
    },
    {
      method: "GET",
      path: `/plugins/${explorer}`,
      tag: "System",
      summary: "Script of the plugins' user interface extensions: there are none",
      handle: () => bytes("application/javascript", new Uint8Array()),
    },
    {
      method: "GET",
      path: "/plugins/{id}",
      tag: "System",
      summary: "Description of a plugin",
      handle({ parameters: { id } }) {
        const plugin = plugins.find((candidate) => candidate.id === id);
        return plugin === undefined ? notFound() : json(pluginJson(plugin));
      },
    },
  ];
}

function pluginJson({ id, version, description, rootUri }: RunningPluginInfo): Record<string, unknown> {
  return {
    Description: description,
    ExtendsOrthancExplorer: false,
    ID: id,
    // Orthanc's interface lived one folder below the root.
    ...(rootUri === undefined ? {} : { RootUri: `../${rootUri.replace(/^\/+/, "")}` }),
    Version: version,
  };
}
