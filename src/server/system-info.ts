import type { Configuration } from "../config/options.ts";
import { type MainDicomTags, mainDicomTagsSignature } from "../dicom/main-dicom-tags.ts";
import type { SystemInfo } from "../rest/system-routes.ts";

/** Orthanc's version whose REST API this server has: clients compare it. */
export const orthancVersion = "1.13.0";

/** Credentials that stand in manuals, so that everybody knows them. */
const wellKnownUsers = [
  ["orthanc", "orthanc"],
  ["alice", "orthanctest"],
  ["alice", "alicePassword"],
] as const;

/** What `/system` tells, from the configuration. */
export function systemInfo(configuration: Configuration, tags: MainDicomTags, identifier: string): SystemInfo {
  return {
    version: orthancVersion,
    name: configuration.Name,
    databaseServerIdentifier: configuration.DatabaseServerIdentifier ?? identifier,
    dicomAet: configuration.DicomAet,
    dicomPort: configuration.DicomPort,
    httpPort: configuration.HttpPort,
    isHttpServerSecure: isSecure(configuration),
    checkRevisions: configuration.CheckRevisions,
    storeMD5ForAttachments: configuration.StoreMD5ForAttachments,
    storageCompression: configuration.StorageCompression,
    maximumStorageSize: configuration.MaximumStorageSize,
    maximumPatientCount: configuration.MaximumPatientCount,
    maximumStorageMode: configuration.MaximumStorageMode,
    dicomDefaultRetrieveMethod: configuration.DicomDefaultRetrieveMethod,
    ingestTranscoding: configuration.IngestTranscoding,
    overwriteInstancesMode: configuration.OverwriteInstances,
    patientLevelEnabled: configuration.PatientLevelEnabled,
    readOnly: configuration.ReadOnly,
    mainDicomTags: {
      Patient: mainDicomTagsSignature(tags.Patient),
      Study: mainDicomTagsSignature(tags.Study),
      Series: mainDicomTagsSignature(tags.Series),
      Instance: mainDicomTagsSignature(tags.Instance),
    },
    userMetadata: configuration.UserMetadata,
  };
}

function isSecure({ RemoteAccessAllowed, AuthenticationEnabled, RegisteredUsers }: Configuration): boolean {
  if (RemoteAccessAllowed && !AuthenticationEnabled) return false;
  return !wellKnownUsers.some(([name, password]) => RegisteredUsers[name] === password);
}
