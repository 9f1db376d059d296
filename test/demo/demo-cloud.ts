import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmulator } from "../cloud/emulator.ts";

/** The emulated cloud with one store, and the two kinds of accounts that reach it. */
export interface DemoCloud {
  /** Holds the keys, the configuration and the stored images; removed at the end. */
  readonly folder: string;
  readonly configuration: object;
  readonly accounts: readonly string[];
  close(): Promise<void>;
}

const store = { Project: "greyhaven-demo", Location: "europe-west2", Dataset: "radiology", DicomStore: "archive" };

/** Starts the emulator and writes the files that a hospital would get from Google. */
export async function startDemoCloud(): Promise<DemoCloud> {
  const folder = await mkdtemp(join(tmpdir(), "greyhaven-demo-"));
  const emulator = await startEmulator({ spoolFolder: folder });
  emulator.createStore(store.Project, store.Location, store.Dataset, store.DicomStore);
  const files = {
    "google-ca.pem": emulator.certificateAuthority,
    "service-account.json": JSON.stringify(emulator.createServiceAccount({ project: store.Project }), null, 2),
    "authorized-user.json": JSON.stringify(emulator.createAuthorizedUser(), null, 2),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text, { mode: 0o600 });
  return {
    folder,
    accounts: ["service-account", "authorized-user"],
    configuration: {
      HttpsCACertificates: "google-ca.pem",
      GoogleCloudPlatform: {
        BaseUrl: emulator.baseUrl,
        Accounts: {
          "service-account": { ...store, ServiceAccountFile: "service-account.json" },
          "authorized-user": { ...store, AuthorizedUserFile: "authorized-user.json" },
        },
      },
    },
    close: async () => {
      await emulator.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
