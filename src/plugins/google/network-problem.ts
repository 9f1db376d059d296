import { ServerError } from "../../plugin-api.ts";
import type { Layer, Problem } from "./problem.ts";

interface NetworkRow {
  readonly layer: Layer;
  readonly remedy: string;
}

const connectionRemedy = "check the network, the firewall and HttpProxy";

/** By the `layer` that the HTTP client puts on its errors. */
const networkRows: Readonly<Record<string, NetworkRow>> = {
  dns: { layer: "dns", remedy: "check the name server; behind a proxy set HttpProxy" },
  tcp: { layer: "connection", remedy: connectionRemedy },
  proxy: { layer: "connection", remedy: "check HttpProxy, its name and password" },
  tls: { layer: "tls", remedy: "set HttpsCACertificates to a file of the authorities to trust" },
  timeout: { layer: "connection", remedy: `${connectionRemedy}; or raise Timeout` },
  http: { layer: "connection", remedy: connectionRemedy },
};

/** The problem behind an error that the HTTP client threw on the way to `host`; always worth a retry. */
export function networkProblem(error: unknown, host: string): Problem {
  const row = networkRows[layerOf(error)] ?? { layer: "connection", remedy: connectionRemedy };
  const reason = error instanceof ServerError ? (error.details ?? error.message) : `${host}: the request failed`;
  return { state: "retrying", layer: row.layer, reason, remedy: row.remedy };
}

function layerOf(error: unknown): string {
  if (error instanceof Error && "layer" in error && typeof error.layer === "string") {
    return error.layer;
  }
  return error instanceof ServerError && error.errorName === "Timeout" ? "timeout" : "http";
}
