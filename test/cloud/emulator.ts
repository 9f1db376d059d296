import { tmpdir } from "node:os";
import { adminRows } from "./admin.ts";
import { createServerCertificate } from "./certificate-authority.ts";
import { createControls, type Controls } from "./controls.ts";
import { createFaultList } from "./faults/fault-list.ts";
import { createJournal } from "./http/journal.ts";
import { listen } from "./http/server.ts";
import type { Row } from "./http/exchange.ts";
import { createAccounts } from "./oauth/accounts.ts";
import { createIssuedTokens } from "./oauth/issued-tokens.ts";
import { answerTokenRequest, type TokenEndpoint } from "./oauth/token-endpoint.ts";
import { createLiveSettings, type EmulatorSettings } from "./settings.ts";
import type { DicomStore } from "./store/dicom-store.ts";
import { dicomWebRows } from "./store/dicomweb.ts";
import { createOperations } from "./store/operations.ts";
import { createQuota } from "./store/quota.ts";
import { createSpool } from "./store/spool.ts";

export interface EmulatorOptions {
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Received bytes are spooled in a new folder below this one; absent, below the system's temporary folder. */
  readonly spoolFolder?: string;
  /** Of the faults' probabilities. */
  readonly seed?: number;
  readonly settings?: Partial<EmulatorSettings>;
  /** Accepted as `aud` beside the emulator's own token URL and Google's. */
  readonly audiences?: readonly string[];
}

/** A running emulator of Google's token endpoint and DICOM stores. */
export interface Emulator extends Controls {
  /** Scheme, host and port, like `https://localhost:41234`. */
  readonly url: string;
  readonly tokenUrl: string;
  /** For Greyhaven's option `BaseUrl`. */
  readonly baseUrl: string;
  /** What clients must trust, as PEM. */
  readonly certificateAuthority: string;
  close(): Promise<void>;
}

const googleTokenUrl = "https://oauth2.googleapis.com/token";

/** Starts an emulator on the loopback interface, with a certificate authority of its own. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const certificate = createServerCertificate(["localhost", "127.0.0.1", "::1"]);
  const settings = createLiveSettings(options.settings ?? {});
  const spool = await createSpool(options.spoolFolder ?? tmpdir());
  const faults = createFaultList(options.seed ?? 1);
  const journal = createJournal();
  const stores = new Map<string, DicomStore>();
  const tokens = createIssuedTokens();
  const address = { port: 0 };
  const origin = (host = "localhost"): string => `https://${host}:${address.port}`;
  const tokenUrl = (host?: string): string => `${origin(host)}/token`;
  const endpoint: TokenEndpoint = {
    accounts: createAccounts(),
    tokens,
    settings,
    audiences: () => [tokenUrl(), tokenUrl("127.0.0.1"), googleTokenUrl, ...(options.audiences ?? [])],
    assertions: [],
  };
  const controls = createControls({ endpoint, stores, faults, journal, settings, tokenUrl });
  const operations = createOperations(settings);
  const rows: Row[] = [
    { route: "token", method: "POST", path: "/token", handle: (exchange) => answerTokenRequest(endpoint, exchange) },
    ...adminRows(controls),
    ...dicomWebRows({ stores, tokens, settings, spool, operations, quota: createQuota(settings), origin }),
  ];
  const world = { revokeTokens: () => tokens.revoke(), now: () => settings.now() };
  const server = await listen(certificate, options.port ?? 0, { rows, journal, faults, world, settings });
  address.port = server.port;
  return {
    ...controls,
    url: origin(),
    tokenUrl: tokenUrl(),
    baseUrl: `${origin()}/v1beta1/`,
    certificateAuthority: certificate.certificateAuthority,
    close: async () => {
      await server.close();
      await spool.close();
    },
  };
}
