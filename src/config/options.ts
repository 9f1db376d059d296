import { entries, section, type OptionTable, type Values } from "./option.ts";
import { dicomNetworkOptions, modalityOptions } from "./options/dicom-network.ts";
import { dicomWebOptions, dicomWebServerOptions } from "./options/dicomweb.ts";
import { customButtons, modifications, uiOptions } from "./options/explorer-2-screens.ts";
import { advanced, emails, explorer2Options, inbox, keycloak, tokens } from "./options/explorer-2.ts";
import { googleAccountOptions, googleOptions } from "./options/google-cloud-platform.ts";
import { housekeeperOptions, triggers } from "./options/housekeeper.ts";
import { httpOptions } from "./options/http.ts";
import { jobOptions, threadOptions } from "./options/jobs.ts";
import { peerOptions } from "./options/peers.ts";
import { resourceOptions } from "./options/resources.ts";
import { foldersFromShortForm, serveFoldersOptions } from "./options/serve-folders.ts";
import { serverOptions } from "./options/server.ts";
import { storageOptions } from "./options/storage.ts";
import { transcodingOptions } from "./options/transcoding.ts";
import { warningOptions } from "./options/warnings.ts";
import { worklistsOptions } from "./options/worklists.ts";

const googleExample = {
  "my-google": {
    Project: "my-project",
    Location: "europe-west2",
    Dataset: "my-dataset",
    DicomStore: "my-store",
    ServiceAccountFile: "service-account.json",
  },
};

const dicomWeb = section("The DICOMweb server, and other DICOMweb servers as a client.", {
  ...dicomWebOptions,
  Servers: entries("Other DICOMweb servers, under /dicom-web/servers/{name}.", dicomWebServerOptions, {
    positions: ["Url", "Username", "Password"],
    userProperties: true,
    example: { "my-server": { Url: "https://pacs.example.org/dicom-web/", Username: "alice", Password: "secret" } },
  }),
});

const googleCloudPlatform = section("DICOM stores of the Google Cloud Healthcare API.", {
  ...googleOptions,
  Accounts: entries("Each account is a DICOMweb server, /dicom-web/servers/{name}.", googleAccountOptions, {
    example: googleExample,
  }),
});

const explorer2 = section("Orthanc Explorer 2.", {
  ...explorer2Options,
  UiOptions: section("What its screens show.", {
    ...uiOptions,
    Modifications: section("Ways of modifying.", modifications),
    CustomButtons: section("Buttons of the user.", customButtons),
  }),
  Keycloak: section("Sign-in by Keycloak.", keycloak),
  Tokens: section("Tokens in links.", tokens),
  AdvancedOptions: section("Rarely changed.", advanced),
  Inbox: section("The public upload page.", inbox),
  Emails: section("Sending mail.", emails),
});

/** The groups of top-level options, in the order of the manual. */
export const coreGroups = {
  "The server": serverOptions,
  "Storage and index": storageOptions,
  "Patients, studies, series and instances": resourceOptions,
  HTTP: httpOptions,
  "Jobs and archives": jobOptions,
  "DICOM network": dicomNetworkOptions,
  "Transfer syntaxes": transcodingOptions,
} as const satisfies Record<string, OptionTable>;

/** The objects among the top-level options, in the order of the manual. */
export const sections = {
  DicomWeb: dicomWeb,
  GoogleCloudPlatform: googleCloudPlatform,
  ServeFolders: section("Folders of files served over HTTP.", serveFoldersOptions, foldersFromShortForm),
  DicomModalities: entries("Other DICOM modalities.", modalityOptions, {
    positions: ["AET", "Host", "Port", "Manufacturer"],
    userProperties: true,
  }),
  OrthancPeers: entries("Other servers with this REST API.", peerOptions, {
    positions: ["Url", "Username", "Password"],
    userProperties: true,
  }),
  JobsEngineThreadsCount: section("Jobs of one type that run at the same time.", threadOptions),
  Warnings: section("Switches of single warnings.", warningOptions),
  Worklists: section("Modality worklists.", worklistsOptions),
  Housekeeper: section("Upkeep of what is stored, in the background.", {
    ...housekeeperOptions,
    Triggers: section("What makes it run.", triggers),
  }),
  OrthancExplorer2: explorer2,
} as const satisfies OptionTable;

/** Every option, Orthanc's and ours: the one place where they are declared. */
export const options = {
  ...serverOptions,
  ...storageOptions,
  ...resourceOptions,
  ...httpOptions,
  ...jobOptions,
  ...dicomNetworkOptions,
  ...transcodingOptions,
  ...sections,
} as const satisfies OptionTable;

/** The whole configuration: all defaults filled in, paths absolute, frozen. */
export type Configuration = Values<typeof options>;
