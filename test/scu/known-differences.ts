import type { KnownDifference } from "../differential/known-difference.ts";

/** What Orthanc has changed since 1.10.1 for its DICOM client, and where Greyhaven is another one on purpose. */
export const knownScuDifferences: readonly KnownDifference[] = [
  {
    requests: /./,
    difference: /^content-type: nothing \/ "text\/plain"$/,
    cause: "newer Orthanc",
    reason: "§1.3: errors are sent as text/plain; 1.10.1 names no type",
  },
  {
    requests: /\/(echo|dicom-echo|move|remove)\b/,
    difference: /^content-type: "application\/json" \/ "application\/json; charset=utf-8"$/,
    cause: "newer Orthanc",
    reason: "§1.2: JSON says that it is in UTF-8",
  },
  {
    requests: /^GET \/modalities\/\w+\/configuration/,
    difference: /^RetrieveMethod: only in the second$/,
    cause: "newer Orthanc",
    reason: "§7: RetrieveMethod is newer",
  },
  {
    requests: /^GET \/modalities\/new$/,
    difference: /^body: "get" only in the second$/,
    cause: "newer Orthanc",
    reason: "§7: C-GET is newer",
  },
  {
    requests: /answers\/?\S*|find-instance/,
    difference: /^(\[\]\.)?(0002,0003|MediaStorageSOPInstanceUID): only in the first$/,
    cause: "mistake of 1.10.1",
    reason: "File meta information is no part of an identifier (PS3.10 §7.1); 1.10.1 puts one into its answers",
  },
  {
    requests: /find-patient \{"PatientID":5\}/,
    difference: /^(status: 200 \/ 400|content-type|body)/,
    cause: "mistake of 1.10.1",
    reason: "Numbers are refused at every level; 1.10.1 takes them for an empty text at the level of patients",
  },
  {
    requests: /"Timeout":"x"|"StorageCommitment":"x"/,
    difference: /^status: 400 \(5\) \/ 400 \(15\)$/,
    cause: "on purpose",
    reason: "Fields of a wrong type are BadFileFormat on all routes of modalities; in 1.10.1 on most",
  },
  {
    requests: /^POST \/modalities\/\w+\/move/,
    difference: /^(Description|LocalAet|Query|RemoteAet): only in the second$/,
    cause: "newer Orthanc",
    reason: "§7: /move is a job",
  },
  {
    requests: /^POST \/(modalities\/\w+\/move|queries\/\S+\/retrieve)/,
    difference: /^(Details|TargetAet): only in the second$/,
    cause: "newer Orthanc",
    reason: "§4: the content of jobs that retrieve has more since 1.12",
  },
  {
    requests: /^POST \/(modalities\/\w+\/move|queries\/\S+\/retrieve)/,
    difference: /^ErrorPayload: only in the second$/,
    cause: "newer Orthanc",
    reason: "§1.3: ErrorPayload is newer",
  },
  {
    requests: /^POST \/modalities\/store\/store/,
    difference: /^Resources: only in the second$/,
    cause: "newer Orthanc",
    reason: "§4: Resources is newer",
  },
  {
    requests: /^POST \/modalities\/store\/store \{"Resources":\["\S+","\S+"\]\}/,
    difference: /^InstancesCount: 4 \/ 3$/,
    cause: "on purpose",
    reason: "An instance that several resources have is sent once",
  },
];
