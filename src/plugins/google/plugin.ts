import type { Plugin, PluginServer, RunningPlugin } from "../../plugin-api.ts";
import { accountCredentials, dicomWebServer } from "./account.ts";
import type { Account } from "./account.ts";
import { systemClock } from "./clock.ts";
import type { Clock } from "./clock.ts";
import { credentialLoader } from "./credential-loader.ts";
import { accountRoutes } from "./routes.ts";
import { parseSettings } from "./settings.ts";
import type { AccountSettings, GoogleSettings } from "./settings.ts";
import { TokenSource } from "./token-source.ts";

/**
 * The plugin that keeps Google accounts: each is a remote DICOMweb server whose requests carry a fresh token.
 * `clock` is for tests.
 */
export function googlePlugin(clock: Clock = systemClock): Plugin {
  return {
    id: "google-cloud-platform",
    version: "1.0.0",
    description: "Keeps the credentials of Google Cloud Platform for the DICOMweb client",
    start: (server) => start(server, clock),
  };
}

export default googlePlugin();

/** Registers every account whose store is named, and acquires the tokens in the background: an absent Google delays no start. */
async function start(server: PluginServer, clock: Clock): Promise<RunningPlugin> {
  const settings = parseSettings(server.section("GoogleCloudPlatform"));
  const accounts = new Map<string, Account>();
  for (const accountSettings of settings.accounts) {
    const account = createAccount(accountSettings, settings, server, clock);
    accounts.set(accountSettings.name, account);
    if (accountSettings.url !== undefined) {
      await server.registerDicomWebServer(
        accountSettings.name,
        dicomWebServer(accountSettings.url, account.credentials),
      );
    }
    account.source.start();
  }
  return {
    routes: accountRoutes({ accounts, http: server.http, clock }),
    close() {
      for (const { source } of accounts.values()) {
        source.close();
      }
      return Promise.resolve();
    },
  };
}

function createAccount(
  settings: AccountSettings,
  { timeout, refreshInterval }: GoogleSettings,
  server: PluginServer,
  clock: Clock,
): Account {
  const load = credentialLoader(settings.source, server);
  const { http, log } = server;
  const source = new TokenSource({ account: settings.name, load, http, clock, log, timeout, refreshInterval });
  return { settings, source, credentials: accountCredentials(source) };
}
