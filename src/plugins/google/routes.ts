import { ServerError, json } from "../../plugin-api.ts";
import type { HttpClient, HttpRequest, Route } from "../../plugin-api.ts";
import type { Account } from "./account.ts";
import { reportAccount } from "./account-report.ts";
import { checkAccount } from "./check.ts";
import type { Clock } from "./clock.ts";
import { problemError } from "./problem.ts";

export interface RouteParts {
  readonly accounts: ReadonlyMap<string, Account>;
  readonly http: HttpClient;
  readonly clock: Clock;
}

const tag = "Google Cloud Platform";

/** The accounts' states, without any token or secret, and what a person can do to them. */
export function accountRoutes({ accounts, http, clock }: RouteParts): readonly Route[] {
  const find = (request: HttpRequest): Account => findAccount(accounts, request);
  return [
    {
      method: "GET",
      path: "/gcp/accounts",
      tag,
      summary: "List the Google accounts: their names, or with `expand` their states",
      parameters: [{ name: "expand", in: "query", type: "boolean", summary: "Answer states instead of names" }],
      handle: ({ query }) =>
        query.has("expand")
          ? json([...accounts.values()].map((account) => reportAccount(account, clock.now())))
          : json([...accounts.keys()]),
    },
    {
      method: "GET",
      path: "/gcp/accounts/{name}",
      tag,
      summary: "State of one Google account and of its token",
      handle: (request) => json(reportAccount(find(request), clock.now())),
    },
    {
      method: "POST",
      path: "/gcp/accounts/{name}/refresh",
      tag,
      summary: "Read the credentials anew and obtain a token now; answers the new state",
      async handle(request) {
        const account = find(request);
        const problem = await account.source.refresh();
        if (problem !== undefined) {
          throw problemError(account.settings.name, problem);
        }
        return json(reportAccount(account, clock.now()));
      },
    },
    {
      method: "POST",
      path: "/gcp/accounts/{name}/check",
      tag,
      summary: "Go from the credential file to the DICOM store and name the first layer that fails",
      handle: async (request) => json(await checkAccount(find(request), http)),
    },
  ];
}

function findAccount(accounts: ReadonlyMap<string, Account>, request: HttpRequest): Account {
  const name = request.parameters["name"] ?? "";
  const account = accounts.get(name);
  if (account === undefined) {
    throw new ServerError("UnknownResource", `No Google account is named "${name}" in GoogleCloudPlatform.Accounts`);
  }
  return account;
}
