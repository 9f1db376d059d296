import { readJson } from "../http/body.ts";
import { booleanArgument } from "../http/query.ts";
import { emptyObject, json } from "../http/reply.ts";
import type { HttpRequest, Reply, Route } from "../http/route.ts";
import { parseDicomWebServer, publicDicomWebServer } from "../remotes/dicomweb-server-definition.ts";
import type { DicomWebServers } from "../remotes/dicomweb-servers.ts";
import { ServerError } from "../util/errors.ts";

export interface ServersParts {
  /** `Root`, with a slash at both ends. */
  readonly root: string;
  readonly servers: DicomWebServers;
}

const tag = "DICOMweb client";

/** The list of remote DICOMweb servers, and their definitions. */
export function serversRoutes({ root, servers }: ServersParts): readonly Route[] {
  const path = `${root}servers/{name}`;
  return [
    {
      method: "GET",
      path: `${root}servers`,
      tag,
      summary: "Names of the DICOMweb servers, or their definitions without secrets",
      parameters: [{ name: "expand", in: "query", type: "boolean", summary: "Give the definitions" }],
      handle: (request) => listServers(servers, request),
    },
    {
      method: "GET",
      path,
      tag,
      summary: "What can be done with a DICOMweb server",
      handle: ({ parameters }) => listOperations(servers, parameters["name"] ?? ""),
    },
    {
      method: "PUT",
      path,
      tag,
      summary: "Define a DICOMweb server",
      handle: async (request) => {
        const { name = "" } = request.parameters;
        await servers.put(name, parseDicomWebServer(name, await readJson(request)));
        return emptyObject();
      },
    },
    {
      method: "DELETE",
      path,
      tag,
      summary: "Forget a DICOMweb server",
      handle: async ({ parameters }) => {
        const { name = "" } = parameters;
        // 400, not 404: so does Orthanc.
        if (!(await servers.delete(name))) {
          throw new ServerError("ParameterOutOfRange", `no DICOMweb server is called "${name}"`);
        }
        return emptyObject();
      },
    },
  ];
}

function listServers(servers: DicomWebServers, { query }: HttpRequest): Reply {
  const names = servers.names();
  if (!booleanArgument(query, "expand", false)) return json(names);
  const definitions = names.flatMap((name): [string, object][] => {
    const server = servers.get(name);
    return server === undefined ? [] : [[name, publicDicomWebServer(server)]];
  });
  return json(Object.fromEntries(definitions));
}

function listOperations(servers: DicomWebServers, name: string): Reply {
  const server = servers.get(name);
  if (server === undefined) throw new ServerError("InexistentItem", `no DICOMweb server is called "${name}"`);
  return json(["get", "retrieve", "stow", "wado", "qido", ...(server.hasDelete ? ["delete"] : [])]);
}
