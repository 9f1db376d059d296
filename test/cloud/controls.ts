import type { FaultList } from "./faults/fault-list.ts";
import type { Journal } from "./http/journal.ts";
import {
  addAuthorizedUser,
  addServiceAccount,
  type AuthorizedUserFile,
  type NewAuthorizedUser,
  type NewServiceAccount,
  type ServiceAccountKeyFile,
} from "./oauth/accounts.ts";
import type { RecordedAssertion } from "./oauth/assertion.ts";
import type { TokenEndpoint } from "./oauth/token-endpoint.ts";
import { revoke, type Revocation } from "./revocation.ts";
import type { LiveSettings } from "./settings.ts";
import { DicomStore, type InstanceUids } from "./store/dicom-store.ts";

/** What a store holds of one instance. */
export interface HeldInstance extends InstanceUids {
  readonly SOPClassUID: string;
  readonly transferSyntaxUID: string;
  readonly size: number;
  readonly sha256: string;
}

/** What can be done with an emulator while it runs, in the process and over `/__emulator/`. */
export interface Controls {
  createServiceAccount(wanted?: NewServiceAccount): ServiceAccountKeyFile;
  createAuthorizedUser(wanted?: NewAuthorizedUser): AuthorizedUserFile;
  /** Makes a store unless it is there and returns its name, `projects/P/locations/L/datasets/D/dicomStores/S`. */
  createStore(project: string, location: string, dataset: string, dicomStore: string): string;
  /** Of a store by its name; `TypeError` when there is none. */
  instances(store: string): HeldInstance[];
  readonly faults: FaultList;
  readonly journal: Journal;
  readonly settings: LiveSettings;
  /** All assertions that the token endpoint could read, oldest first. */
  assertions(): readonly RecordedAssertion[];
  revoke(revocation: Revocation): void;
}

export interface ControlledParts {
  readonly endpoint: TokenEndpoint;
  readonly stores: Map<string, DicomStore>;
  readonly faults: FaultList;
  readonly journal: Journal;
  readonly settings: LiveSettings;
  tokenUrl(): string;
}

export function createControls(parts: ControlledParts): Controls {
  const { endpoint, stores } = parts;
  return {
    createServiceAccount: (wanted = {}) => addServiceAccount(endpoint.accounts, parts.tokenUrl(), wanted),
    createAuthorizedUser: (wanted = {}) => addAuthorizedUser(endpoint.accounts, parts.tokenUrl(), wanted),
    createStore: (project, location, dataset, dicomStore) => {
      const name = `projects/${project}/locations/${location}/datasets/${dataset}/dicomStores/${dicomStore}`;
      if (!stores.has(name)) stores.set(name, new DicomStore(name));
      return name;
    },
    instances: (name) => {
      const store = stores.get(name);
      if (store === undefined) throw new TypeError(`no store ${name}`);
      return heldBy(store);
    },
    faults: parts.faults,
    journal: parts.journal,
    settings: parts.settings,
    assertions: () => endpoint.assertions,
    revoke: (revocation) => revoke(revocation, endpoint.accounts, endpoint.tokens),
  };
}

function heldBy(store: DicomStore): HeldInstance[] {
  return store.select({}).map((instance) => ({
    StudyInstanceUID: instance.StudyInstanceUID,
    SeriesInstanceUID: instance.SeriesInstanceUID,
    SOPInstanceUID: instance.SOPInstanceUID,
    SOPClassUID: instance.SOPClassUID,
    transferSyntaxUID: instance.transferSyntaxUID,
    size: instance.bytes.size,
    sha256: instance.bytes.sha256,
  }));
}
