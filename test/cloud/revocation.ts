import type { Accounts, AuthorizedUser, ServiceAccount } from "./oauth/accounts.ts";
import type { IssuedTokens } from "./oauth/issued-tokens.ts";

/** What shall no longer be good. */
export type Revocation =
  /** Access tokens: of one principal (mail address or client id), or of all. */
  | { readonly what: "tokens"; readonly principal?: string }
  /** One key of a service account. */
  | { readonly what: "key"; readonly privateKeyId: string }
  | { readonly what: "service-account"; readonly principal: string; readonly state: ServiceAccount["state"] }
  /** The refresh token of a client, or the client. */
  | { readonly what: "user"; readonly principal: string; readonly state: AuthorizedUser["state"] };

const states: Readonly<Record<string, readonly string[]>> = {
  "service-account": ["active", "deleted", "unauthorized"],
  user: ["active", "revoked", "invalid_rapt", "deleted-client"],
};

/** Checks a revocation that came as JSON. Throws `TypeError`. */
export function parseRevocation(value: unknown): Revocation {
  if (typeof value !== "object" || value === null) throw new TypeError("expected an object");
  const fields = new Map(Object.entries(value));
  const what = String(fields.get("what"));
  const isText = (name: string): boolean => typeof fields.get(name) === "string";
  const allowed = states[what];
  const good =
    (what === "tokens" && (isText("principal") || !fields.has("principal"))) ||
    (what === "key" && isText("privateKeyId")) ||
    (allowed?.includes(String(fields.get("state"))) === true && isText("principal"));
  if (!good) throw new TypeError(`expected {what: "tokens" | "key" | "service-account" | "user", …}, found ${what}`);
  return value as Revocation;
}

/** Makes it so; `TypeError` for a principal or key that is not known. */
export function revoke(revocation: Revocation, accounts: Accounts, tokens: IssuedTokens): void {
  switch (revocation.what) {
    case "tokens":
      tokens.revoke(revocation.principal);
      return;
    case "key": {
      const deleted = [...accounts.serviceAccounts.values()].map((account) =>
        account.keys.delete(revocation.privateKeyId),
      );
      if (!deleted.includes(true)) throw new TypeError(`unknown key ${revocation.privateKeyId}`);
      return;
    }
    case "service-account":
      known(accounts.serviceAccounts, revocation.principal).state = revocation.state;
      return;
    case "user":
      known(accounts.users, revocation.principal).state = revocation.state;
  }
}

function known<Account>(accounts: ReadonlyMap<string, Account>, principal: string): Account {
  const account = accounts.get(principal);
  if (account === undefined) throw new TypeError(`unknown principal ${principal}`);
  return account;
}
