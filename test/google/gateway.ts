import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { type Emulator, type EmulatorOptions, startEmulator } from "../cloud/emulator.ts";
import { call, callJson } from "../demo/rest-client.ts";
import { startTestServer, type TestServer } from "../greyhaven.ts";
import { makeStudy, type StudyOptions } from "../phantoms/study.ts";

/** A server with two accounts, `service` and `user`, on one store of an emulated cloud. */
export interface Gateway {
  readonly emulator: Emulator;
  readonly server: TestServer;
  /** The emulator's name of the store. */
  readonly store: string;
  readonly privateKeyId: string;
  readonly clientId: string;
  /** What must never be printed, answered or stored. */
  readonly secrets: readonly string[];
  close(): Promise<void>;
}

export const accountNames = ["service", "user"] as const;

const place = { Project: "hospital", Location: "europe-west2", Dataset: "imaging", DicomStore: "archive" };

/** Starts both. */
export async function startGateway(options: EmulatorOptions = {}, configuration: object = {}): Promise<Gateway> {
  const emulator = await startEmulator(options);
  const store = emulator.createStore(place.Project, place.Location, place.Dataset, place.DicomStore);
  const key = emulator.createServiceAccount();
  const user = emulator.createAuthorizedUser();
  const server = await startTestServer(
    {
      HttpsCACertificates: "ca.pem",
      GoogleCloudPlatform: {
        BaseUrl: emulator.baseUrl,
        Accounts: {
          service: { ...place, ServiceAccountFile: "key.json" },
          user: { ...place, AuthorizedUserFile: "user.json" },
        },
      },
      ...configuration,
    },
    {
      files: {
        "ca.pem": emulator.certificateAuthority,
        "key.json": JSON.stringify(key),
        "user.json": JSON.stringify(user),
      },
    },
  );
  return {
    emulator,
    server,
    store,
    privateKeyId: key.private_key_id,
    clientId: user.client_id,
    secrets: [key.private_key.split("\n")[1] ?? "", user.client_secret, user.refresh_token, "ya29."],
    close: async () => {
      await server.close();
      await emulator.close();
    },
  };
}

export interface AccountState {
  readonly State: string;
  readonly LastError: string | null;
  readonly Remedy: string | null;
}

/** What `/gcp/accounts/{name}` says. */
export function accountState({ server }: Gateway, account: string): Promise<AccountState> {
  return callJson<AccountState>(`${server.url}/gcp/accounts/${account}`);
}

/** Waits until the account is in the state; fails with what it is in instead. */
export async function untilState(gateway: Gateway, account: string, wanted: string): Promise<AccountState> {
  for (let attempt = 0; ; attempt++) {
    const state = await accountState(gateway, account);
    if (state.State === wanted) return state;
    if (attempt > 200) throw new Error(`${account} is ${state.State} instead of ${wanted}: ${state.LastError ?? ""}`);
    await delay(50);
  }
}

export interface UploadedStudy {
  readonly id: string;
  readonly StudyInstanceUID: string;
  /** SHA-256 of each file, by SOPInstanceUID. */
  readonly digests: ReadonlyMap<string, string>;
}

/** Uploads phantoms by POST /instances. */
export async function uploadStudy({ server }: Gateway, options: StudyOptions): Promise<UploadedStudy> {
  const digests = new Map<string, string>();
  let id = "";
  let StudyInstanceUID = "";
  for (const { file, uids } of makeStudy(options)) {
    const stored = await callJson<{ readonly ParentStudy: string }>(`${server.url}/instances`, { bytes: file });
    digests.set(uids.SOPInstanceUID, sha256(file));
    id = stored.ParentStudy;
    StudyInstanceUID = uids.StudyInstanceUID;
  }
  return { id, StudyInstanceUID, digests };
}

/** Digests of what the store holds, by SOPInstanceUID. */
export function inCloud({ emulator, store }: Gateway): ReadonlyMap<string, string> {
  return new Map(emulator.instances(store).map(({ SOPInstanceUID, sha256: digest }) => [SOPInstanceUID, digest]));
}

/** One of the operations of `/dicom-web/servers/{account}/`. */
export function cloudRequest<T>({ server }: Gateway, account: string, act: string, json: unknown): Promise<T> {
  return callJson<T>(`${server.url}/dicom-web/servers/${account}/${act}`, { json });
}

/** Digests of what the server itself holds of a study, by SOPInstanceUID. */
export async function inArchive({ server }: Gateway, study: string): Promise<ReadonlyMap<string, string>> {
  const instances = await callJson<
    readonly { readonly ID: string; readonly MainDicomTags: Readonly<Record<string, string>> }[]
  >(`${server.url}/studies/${study}/instances`);
  const digests = new Map<string, string>();
  for (const { ID, MainDicomTags } of instances) {
    const file = await call(`${server.url}/instances/${ID}/file`);
    digests.set(MainDicomTags["SOPInstanceUID"] ?? "", sha256(new Uint8Array(await file.arrayBuffer())));
  }
  return digests;
}

/** Requests that reached the token endpoint. */
export function tokenRequests({ emulator }: Gateway): number {
  return emulator.journal.entries().filter(({ route }) => route === "token").length;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
