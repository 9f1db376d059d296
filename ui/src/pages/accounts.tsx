import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { useAct } from "../act.ts";
import { getJson, post, postJson } from "../api.ts";
import { moment } from "../format.ts";
import { useLoaded, useReloading } from "../loaded.ts";
import type { Account, CheckStep } from "../model.ts";
import { Failure, Shown } from "../parts/notices.tsx";
import { address } from "../router.ts";

const refreshEvery = 5000;

interface CheckResult {
  readonly Layers: readonly CheckStep[];
}

/** How a step of the check ended: class, sign and word. */
function verdict(ok: boolean | null): readonly [name: string, sign: string, word: string] {
  if (ok === null) return ["unreached", "–", "not reached"];
  return ok ? ["good", "✓", "passed"] : ["bad", "✗", "failed"];
}

function CheckReport({ result }: { readonly result: CheckResult }): VNode {
  return (
    <ol class="check" aria-label="Check of the connection">
      {result.Layers.map(({ Layer, Ok, Detail, Remedy }) => {
        const [name, sign, word] = verdict(Ok);
        return (
          <li key={Layer} class={name}>
            <span role="img" aria-label={word}>
              {sign}
            </span>
            <strong>{Layer}</strong>
            <span>
              {Detail}
              {Remedy !== undefined && <em>What to do: {Remedy}</em>}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

function AccountFacts({ account }: { readonly account: Account }): VNode {
  const { Url, Kind, Identity, TokenExpiresAt } = account;
  const facts = [
    ["DICOM store", Url, "uid"],
    ["Identity", Identity, ""],
    ["Kind", Kind, ""],
    ["Token until", TokenExpiresAt === null ? null : moment(TokenExpiresAt), ""],
  ] as const;
  return (
    <dl>
      {facts.map(([name, value, kind]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class={kind}>{value ?? "–"}</dd>
        </div>
      ))}
    </dl>
  );
}

function AccountCard({ account, onChanged }: { readonly account: Account; readonly onChanged: () => void }): VNode {
  const [check, setCheck] = useState<CheckResult | undefined>(undefined);
  const { busy, error, run } = useAct();
  const route = `gcp/accounts/${encodeURIComponent(account.Name)}`;
  const attempt = (act: () => Promise<void>): void => run(() => act().finally(onChanged));

  return (
    <section class="card" aria-label={account.Name}>
      <h2>
        <a href={address(["cloud", account.Name])}>{account.Name}</a>{" "}
        <span class={`state state-${account.State}`}>{account.State}</span>
      </h2>
      <AccountFacts account={account} />
      <Failure message={account.LastError ?? error} />
      {account.Remedy !== null && <p>What to do: {account.Remedy}</p>}
      <div class="buttons">
        <button type="button" disabled={busy} onClick={() => attempt(() => post(`${route}/refresh`, {}))}>
          Renew the token
        </button>
        <button
          type="button"
          disabled={busy}
          onClick={() => attempt(async () => setCheck(await postJson(`${route}/check`, {})))}
        >
          Check the connection
        </button>
      </div>
      {check !== undefined && <CheckReport result={check} />}
    </section>
  );
}

/** The Google accounts and the state of their tokens. */
export function AccountsPage(): VNode {
  const [accounts, reload] = useLoaded("accounts", (signal) =>
    getJson<readonly Account[]>("gcp/accounts?expand", signal),
  );
  useReloading(accounts, reload, refreshEvery);
  return (
    <>
      <h1>Accounts</h1>
      <Shown loaded={accounts}>
        {(found) =>
          found.length === 0 ? (
            <p class="notice">
              No Google account is configured: add a section <code>GoogleCloudPlatform</code> to the configuration.
            </p>
          ) : (
            found.map((account) => <AccountCard key={account.Name} account={account} onChanged={reload} />)
          )
        }
      </Shown>
    </>
  );
}
