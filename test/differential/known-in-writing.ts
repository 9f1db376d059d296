import type { KnownDifference } from "./known-difference.ts";

/** What is written, and what is refused. */
export const knownInWriting: readonly KnownDifference[] = [
  {
    requests: /^(GET|PUT|POST|DELETE) \/(dicom-web\/servers|\w+\/[0-9a-f-]{44}\/attachments|studies)/,
    difference: /^content-type: "application\/json" \/ "application\/json; charset=utf-8"$/,
    cause: "newer Orthanc",
    reason: "§1.2: JSON says that it is in UTF-8",
  },
  {
    requests: /^PUT \/\w+\/0{8}-[0-]+\/attachments\/1024 /,
    difference: /^status: 200 \/ 404 \(17\)$/,
    cause: "mistake of 1.10.1",
    reason: "§2.5: what is attached to nothing is not found; 1.10.1 says that it is stored",
  },
  {
    requests: /^GET \/modalities/,
    difference: /^(there\.)?RetrieveMethod: only in the second$|^body: "get" only in the second$/,
    cause: "newer Orthanc",
    reason: "§7: C-GET as a client",
  },
  {
    requests: /^GET \/dicom-web\/servers\?expand /,
    difference:
      /^(there|not a name)\.(ChunkedTransfers|HasDelete|HasWadoRsUniversalTransferSyntax): only in the second$/,
    cause: "newer Orthanc",
    reason: "§14: options of a server, defaults too",
  },
  {
    requests: /^(PUT|POST) \/dicom-web\/servers\/there(\/\w+)? (|no JSON|\{)$/,
    difference: /^status: 400 \(15\) \/ 400 \((28|8)\)$/,
    cause: "on purpose",
    reason: "A body for a DICOMweb server that is no JSON is BadJson; the plugin says BadFileFormat",
  },
  {
    requests: /^POST \/dicom-web\/servers\/there\/delete /,
    difference: /^status: 400 \(15\) \/ 400 \((28|8)\)$/,
    cause: "newer Orthanc",
    reason: "§14: delete needs HasDelete, which is looked at before the body",
  },
  {
    requests: /^PUT \/peers\/there (|no JSON|\{)$/,
    difference: /^status: 404 \/ 400 \(28\)$/,
    cause: "on purpose",
    reason: "A peer whose definition is no JSON is a bad request, as elsewhere; Orthanc answers an empty 404",
  },
  {
    requests: /^POST \/\w+\/\S+\/(archive|media) (null|5|"text")$/,
    difference: /^status: 200 \/ 400 \(15\)$/,
    cause: "on purpose",
    reason: "§9: the body that asks for an archive is an object; Orthanc ignores what is none",
  },
  {
    requests: /\{"(Utf8|LossyQuality|Filename|KeepLabels|ReconstructFiles|LimitToThisLevelMainDicomTags)":/,
    difference: /^status: (200|400 \(8\)) \/ 400 \((8|15)\)$/,
    cause: "newer Orthanc",
    reason: "§8, §9: newer fields of bodies, of a wrong type",
  },
  {
    requests: /^POST \/instances\/\S+\/anonymize \{"Transcode":/,
    difference: /^status: 200 \/ 400 \(15\)$/,
    cause: "newer Orthanc",
    reason: "§8.1: single instances are transcoded too",
  },
  {
    requests: /^POST \/tools\/bulk-(delete|content) /,
    difference: /^status: 400 \(15\) \/ 400 \(8\)$/,
    cause: "newer Orthanc",
    reason: "§5: errors in bodies are BadRequest",
  },
  {
    requests:
      /^POST \/(queries|studies)\/\S+ (\[\]|5|"text"|null|\{"(Timeout|TargetAet|Simplify|Full)":\{"wrong":"type"\}\})$/,
    difference: /^status: (500|400 \((5|8|15)\)) \/ (404 \(17\)|400 \(15\))$/,
    cause: "mistake of 1.10.1",
    reason: "§7, §8.3: an unknown query is 404, and a body that is no object 400; 1.10.1 fails in its JSON library",
  },
  {
    requests: /^POST \/studies\/\S+\/split \{"(Asynchronous|Permissive|Priority|Synchronous)":/,
    difference: /^status: 400 \(8\) \/ 400 \(15\)$/,
    cause: "on purpose",
    reason: "Of two mistakes in a request to split, what is missing and a wrong type, the other one is told",
  },
  {
    requests: /^POST \/tools\/bulk-modify \{"Level":/,
    difference: /^status: 500 \/ 400 \(15\)$/,
    cause: "mistake of 1.10.1",
    reason: "A level that is no text is the client's mistake; 1.10.1 fails in its JSON library",
  },
  {
    requests: /^POST \/instances\/\S+\/export /,
    difference: /^status: 403 \/ 403 \(45\)$/,
    cause: "on purpose",
    reason: "An export to files, which is forbidden, says which option would allow it",
  },
];
