import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Emulator } from "./emulator.ts";

/** The store that the sample configuration speaks of. */
const store = { Project: "emulated-project", Location: "europe-west1", Dataset: "imaging", DicomStore: "archive" };

/**
 * Makes a store, a service account and an authorized user, and writes into `folder` what a hospital would have of them:
 * both credential files, the certificate authority, and a configuration of Greyhaven that uses them. Returns its path.
 */
export async function writeSampleFiles(emulator: Emulator, folder: string): Promise<string> {
  emulator.createStore(store.Project, store.Location, store.Dataset, store.DicomStore);
  await mkdir(folder, { recursive: true });
  const files = {
    "google-ca.pem": emulator.certificateAuthority,
    "service-account.json": pretty(emulator.createServiceAccount({ project: store.Project, name: "greyhaven" })),
    "authorized-user.json": pretty(emulator.createAuthorizedUser()),
    "greyhaven.json": pretty(configuration(emulator)),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text, { mode: 0o600 });
  return join(folder, "greyhaven.json");
}

function configuration(emulator: Emulator): object {
  return {
    Name: "Greyhaven beside the emulator",
    StorageDirectory: "storage",
    HttpsCACertificates: "google-ca.pem",
    GoogleCloudPlatform: {
      BaseUrl: emulator.baseUrl,
      Accounts: {
        "service-account": { ...store, ServiceAccountFile: "service-account.json" },
        "authorized-user": { ...store, AuthorizedUserFile: "authorized-user.json" },
      },
    },
  };
}

function pretty(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
