import type { VNode } from "preact";
import { useCallback, useState } from "preact/hooks";
import { getJson, post, postJson } from "../api.ts";
import { messageOf, useInterval, useLoaded } from "../loaded.ts";
import type { Account, CheckStep } from "../model.ts";
import { Shown } from "../parts/notices.tsx";
import { address } from "../router.ts";

const refreshEvery = 5000;

interface CheckResult {
  readonly FailedLayer: string | null;
  readonly Layers: readonly CheckStep[];
}

function CheckReport({ result }: { readonly result: CheckResult }): VNode {
  return (
    <ol class="check">
      {result.Layers.map((step) => (
        <li key={step.Layer} class={step.Ok === true ? "good" : step.Ok === false ? "bad" : "unreached"}>
          <strong>{step.Layer}</strong> {step.Detail}
          {step.Remedy !== undefined && <em> {step.Remedy}</em>}
        </li>
      ))}
    </ol>
  );
}

function AccountCard({ account, onChanged }: { readonly account: Account; readonly onChanged: () => void }): VNode {
  const [check, setCheck] = useState<CheckResult | undefined>(undefined);
  const [error, setError] = useState<string | undefined>(undefined);
  const route = `gcp/accounts/${encodeURIComponent(account.Name)}`;

  async function attempt(act: () => Promise<void>): Promise<void> {
    setError(undefined);
    try {
      await act();
    } catch (failure) {
      setError(messageOf(failure));
    }
    onChanged();
  }

  return (
    <section class="card">
      <h2>
        <a href={address("cloud", account.Name)}>{account.Name}</a>{" "}
        <span class={`state state-${account.State}`}>{account.State}</span>
      </h2>
      <dl>
        <div>
          <dt>DICOM store</dt>
          <dd class="uid">{account.Url}</dd>
        </div>
        <div>
          <dt>Identity</dt>
          <dd>
            {account.Kind} {account.Identity}
          </dd>
        </div>
        <div>
          <dt>Token until</dt>
          <dd>{account.TokenExpiresAt ?? "–"}</dd>
        </div>
      </dl>
      {(account.LastError ?? "") !== "" && <p class="error">{account.LastError}</p>}
      {error !== undefined && <p class="error">{error}</p>}
      <button type="button" onClick={() => void attempt(() => post(`${route}/refresh`, {}))}>
        Renew the token
      </button>{" "}
      <button type="button" onClick={() => void attempt(async () => setCheck(await postJson(`${route}/check`, {})))}>
        Check the connection
      </button>
      {check !== undefined && <CheckReport result={check} />}
    </section>
  );
}

/** The Google accounts and the state of their tokens. */
export function AccountsPage(): VNode {
  const [accounts, reload] = useLoaded("accounts", (signal) =>
    getJson<readonly Account[]>("gcp/accounts?expand", signal),
  );
  useInterval(refreshEvery, useCallback(reload, [reload]));
  return (
    <>
      <h1>Accounts</h1>
      <Shown loaded={accounts}>
        {(found) =>
          found.length === 0 ? (
            <p class="notice">
              No Google account is configured: add a section GoogleCloudPlatform to the configuration.
            </p>
          ) : (
            found.map((account) => <AccountCard key={account.Name} account={account} onChanged={reload} />)
          )
        }
      </Shown>
    </>
  );
}
