import type { HttpClient } from "../../plugin-api.ts";
import type { Account } from "./account.ts";
import { layers } from "./problem.ts";
import type { Layer, Obstacle } from "./problem.ts";
import { probeStore } from "./store-probe.ts";

/** One line of a check. `Ok` is null for a layer that was not reached. */
export interface LayerResult {
  readonly Layer: Layer;
  readonly Ok: boolean | null;
  readonly Detail: string;
  readonly Remedy?: string;
}

export interface CheckResult {
  readonly Name: string;
  readonly Ok: boolean;
  /** The first layer that fails; null when none does. */
  readonly FailedLayer: Layer | null;
  readonly Layers: readonly LayerResult[];
}

/** The layers that a token needs; one of the store's host is passed a second time on the way to the store. */
const tokenLayers = layers.slice(0, layers.indexOf("token") + 1);

/**
 * Goes the whole way once more: credential file, a new token, a search in the store. Every layer passed is told,
 * and the first that fails with its remedy.
 */
export async function checkAccount(account: Account, http: HttpClient): Promise<CheckResult> {
  const tokenProblem = await account.source.refresh();
  if (tokenProblem !== undefined) {
    return result(account, tokenProblem, layers.slice(0, layers.indexOf(tokenProblem.layer)));
  }
  const { url } = account.settings;
  const problem = url === undefined ? undefined : await probeStore(account, url, http);
  return result(account, problem, problem === undefined ? layers : passedBefore(problem.layer));
}

/** A store can be out of reach (DNS, TLS…) although the token endpoint was not. */
function passedBefore(failed: Layer): readonly Layer[] {
  return failed === "store" ? layers.slice(0, -1) : tokenLayers.filter((layer) => layer !== failed);
}

function result(account: Account, problem: Obstacle | undefined, passed: readonly Layer[]): CheckResult {
  const lines = layers.map((layer): LayerResult => {
    if (layer === problem?.layer) {
      return { Layer: layer, Ok: false, Detail: problem.reason, Remedy: problem.remedy };
    }
    return passed.includes(layer)
      ? { Layer: layer, ...passedLayers[layer](account) }
      : { Layer: layer, Ok: null, Detail: "not reached" };
  });
  return {
    Name: account.settings.name,
    Ok: problem === undefined,
    FailedLayer: problem?.layer ?? null,
    Layers: lines,
  };
}

type Passed = Pick<LayerResult, "Ok" | "Detail" | "Remedy">;

/** What is worth telling of a layer that did its part. */
const passedLayers: Readonly<Record<Layer, (account: Account) => Passed>> = {
  file: ({ settings }) =>
    passed(settings.source.from === "configuration" ? "credentials in the configuration" : "read"),
  key: ({ source }) => passed(source.record.identity ?? "read"),
  clock: passedClock,
  dns: () => passed("passed"),
  connection: () => passed("passed"),
  tls: () => passed("passed"),
  token: ({ source }) => passed(`valid until ${new Date(source.record.held?.expiresAt ?? 0).toISOString()}`),
  permission: () => passed("may search"),
  store: ({ settings }) => passed(`${settings.url} answers`),
};

function passed(detail: string): Passed {
  return { Ok: true, Detail: detail };
}

/** A skewed clock is no failure, as assertions are signed with Google's time where it matters; but it is worth a word. */
function passedClock({ source }: Account): Passed {
  const { measuredSkew } = source.record.knowledge;
  if (measuredSkew === undefined) {
    return { Ok: null, Detail: "not compared: no answer with a Date yet" };
  }
  const seconds = Math.round(measuredSkew / 1000);
  return seconds === 0
    ? passed("agrees with Google's")
    : { ...passed(`Google's is ${seconds} s ahead`), Remedy: "set this machine's clock (NTP)" };
}
