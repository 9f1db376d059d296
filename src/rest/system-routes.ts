import { json } from "../http/reply.ts";
import type { Route } from "../http/route.ts";

/** What `/system` tells of the server, besides what is the same in every server. */
export interface SystemInfo {
  /** Orthanc's version whose API this is, which clients compare. */
  readonly version: string;
  readonly name: string;
  readonly databaseServerIdentifier: string;
  readonly dicomAet: string;
  readonly dicomPort: number;
  readonly httpPort: number;
  readonly isHttpServerSecure: boolean;
  readonly checkRevisions: boolean;
  readonly storeMD5ForAttachments: boolean;
  readonly storageCompression: boolean;
  /** MB; 0: no limit. */
  readonly maximumStorageSize: number;
  readonly maximumPatientCount: number;
  readonly maximumStorageMode: "Recycle" | "Reject";
  readonly dicomDefaultRetrieveMethod: string;
  /** UID, or empty. */
  readonly ingestTranscoding: string;
  readonly overwriteInstancesMode: "Never" | "Always" | "IfChanged";
  readonly patientLevelEnabled: boolean;
  readonly readOnly: boolean;
  /** Signatures `gggg,eeee;…` by level. */
  readonly mainDicomTags: Readonly<Record<string, string>>;
  readonly userMetadata: Readonly<Record<string, number>>;
}

/** REST API of Orthanc 1.13.0. */
const apiVersion = 31;
/** Schema of Orthanc's own database, which clients may test; ours has another. */
const databaseVersion = 6;

/** `/system` */
export function systemRoutes(parts: { readonly system: SystemInfo }): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/system",
      tag: "System",
      summary: "Version, capabilities and main settings",
      handle: () => json(systemJson(parts.system)),
    },
  ];
}

function systemJson(system: SystemInfo): Record<string, unknown> {
  return {
    ApiVersion: apiVersion,
    Capabilities: {
      HasExtendedChanges: true,
      HasExtendedFind: true,
      HasKeyValueStores: false,
      HasQueues: false,
      HasReserveQueueValue: false,
    },
    CheckRevisions: system.checkRevisions,
    DatabaseBackendPlugin: null,
    DatabaseServerIdentifier: system.databaseServerIdentifier,
    DatabaseVersion: databaseVersion,
    DicomAet: system.dicomAet,
    DicomDefaultRetrieveMethod: system.dicomDefaultRetrieveMethod,
    DicomPort: system.dicomPort,
    HasLabels: true,
    HttpPort: system.httpPort,
    IngestTranscoding: system.ingestTranscoding,
    IsHttpServerSecure: system.isHttpServerSecure,
    MainDicomTags: system.mainDicomTags,
    MaximumPatientCount: system.maximumPatientCount,
    MaximumStorageMode: system.maximumStorageMode,
    MaximumStorageSize: system.maximumStorageSize,
    Name: system.name,
    OverwriteInstances: system.overwriteInstancesMode !== "Never",
    OverwriteInstancesMode: system.overwriteInstancesMode,
    PatientLevelEnabled: system.patientLevelEnabled,
    Performance: {},
    PluginsEnabled: true,
    ReadOnly: system.readOnly,
    StorageAreaPlugin: null,
    StorageCompression: system.storageCompression,
    StoreMD5ForAttachments: system.storeMD5ForAttachments,
    ThirdPartyPatches: [],
    ThirdPartyVersions: {},
    UserMetadata: system.userMetadata,
    Version: system.version,
  };
}
