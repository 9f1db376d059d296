import type { KnownDifference } from "./known-difference.ts";

/** Answers of the core's routes. */
export const knownInRest: readonly KnownDifference[] = [
  {
    requests: /./,
    difference: /^content-type: nothing \/ "text\/plain"$/,
    cause: "newer Orthanc",
    reason: "§1.3: errors are sent as text/plain; 1.10.1 names no type",
  },
  {
    requests: /^PUT \/(modalities|peers|dicom-web\/servers)\/not%20a%20name/,
    difference: /^Uri: "\/\S+\/not a name" \/ "\/\S+\/not%20a%20name"$/,
    cause: "on purpose",
    reason: "The Uri of an error is the path as it was sent; Orthanc decodes it",
  },
  {
    requests: /^GET \/system\/\.\.\/system/,
    difference: /./,
    cause: "newer Orthanc",
    reason: "§1.1: components . and .. are refused with 400; 1.10.1 resolves them",
  },
  {
    requests: /^GET \/(patients|studies|series|instances)\/[0-9A-Za-z-]+ /,
    difference: /^status: 404 \/ 404 \(17\)$/,
    cause: "newer Orthanc",
    reason: "§2.7: an unknown resource is an error in JSON; 1.10.1 answers an empty 404",
  },
  {
    requests: /^GET \/system /,
    difference:
      /^(ApiVersion|Version|HttpPort|DicomPort): |^(Capabilities|DatabaseServerIdentifier|DicomDefaultRetrieveMethod|HasLabels|IngestTranscoding|MainDicomTags|Maximum\w+|OverwriteInstances(Mode)?|PatientLevelEnabled|Performance|ReadOnly|StorageCompression|StoreMD5ForAttachments|ThirdParty\w+|UserMetadata): only in the second$/,
    cause: "newer Orthanc",
    reason: "§12: keys of /system since 1.10.1; ports differ",
  },
  {
    requests: /^GET \/changes/,
    difference: /^First: only in the second$/,
    cause: "newer Orthanc",
    reason: "§3: First, where there are changes",
  },
  {
    requests: /^GET \/changes\?since=0&limit=-1 /,
    difference: /^(Changes\[\]|Done|Last): /,
    cause: "mistake of 1.10.1",
    reason: "§3: what is no number counts as absent; 1.10.1 reads -1 as 4294967295, and counts over it",
  },
  {
    requests: /^GET \/(patients|studies|series|instances)\?since=0&limit=-1 /,
    difference: /^status: 200 \/ 400 \(5\)$/,
    cause: "mistake of 1.10.1",
    reason: "§2.7: since and limit are unsigned numbers; 1.10.1 reads -1 as the largest one",
  },
  {
    requests: /^GET \/(patients|studies|series|instances)\?since=&limit= /,
    difference: /^status: 400 \(5\) \/ 200$/,
    cause: "newer Orthanc",
    reason: "§1.6: an unsigned argument that is empty is 1",
  },
  {
    requests: /^(DELETE|POST|PUT) \/jobs\/\w+( |\/0 )/,
    difference: /^(status|allow): /,
    cause: "newer Orthanc",
    reason: "§4: DELETE of jobs and of their outputs",
  },
  {
    requests: /^(GET|PUT|DELETE) \/jobs\/\w+\/(cancel|pause|resubmit|resume) /,
    difference: /^(status: 404 \(7\) \/ 405|allow: "GET,POST" \/ "POST")$/,
    cause: "on purpose",
    reason:
      "The actions of a job are no outputs of it: GET is not allowed there; Orthanc looks for an output of that name",
  },
  {
    requests: /^(POST|PUT|DELETE) \/instances\/\S+\/content /,
    difference: /^status: 404 \(17\) \/ 405$/,
    cause: "on purpose",
    reason:
      "content itself can be read, so that other methods are not allowed, as below it; Orthanc does not find it for them",
  },
  {
    requests: /^(PUT|DELETE) \/tools\/create-(archive|media)/,
    difference: /^allow: "POST" \/ "GET,POST"$/,
    cause: "newer Orthanc",
    reason: "§9: batches by GET",
  },
  {
    requests: /^(GET|PUT|DELETE) \/dicom-web\/servers\/\w+\/(wado|retrieve) /,
    difference: /^status: 400 \(3\) \/ 405$/,
    cause: "newer Orthanc",
    reason: "§13: a wrong method is 405",
  },
  {
    requests: /^GET \/tools /,
    difference: /^body: "(accepted-sop-classes|count-resources|labels|openapi)" only in the second$/,
    cause: "newer Orthanc",
    reason: "§2.6, §5: newer tools; the OpenAPI description is our own",
  },
  {
    requests: /^(GET|PUT) \/tools\/accepted-transfer-syntaxes /,
    difference: /^body: "1\.2\.840\.[\d.]*" only in the second$/,
    cause: "newer Orthanc",
    reason: "§10: newer transfer syntaxes, such as those of HTJ2K and JPEG XL",
  },
  {
    requests: /^PUT \/tools\/accepted-transfer-syntaxes (no JSON)?$/,
    difference: /^status: 200 \/ 400 \(15\)$/,
    cause: "on purpose",
    reason:
      "What is no UID is refused as an accepted transfer syntax; Orthanc takes any text, and then accepts nothing more",
  },
  {
    requests: /^GET \/plugins\/dicom-web /,
    difference: /^(Version|Description|RootUri|ExtendsOrthancExplorer): /,
    cause: "on purpose",
    reason: "DICOMweb is no plugin here, and has no page of its own",
  },
  {
    requests: /^(GET \/(patients|studies|series|instances)|POST \/tools\/(find|bulk-content))/,
    difference: /^(\[\]\.)?Labels: only in the second$/,
    cause: "newer Orthanc",
    reason: "§2.6: labels",
  },
  {
    requests: /^(GET \/(patients|studies|series|instances)|POST \/tools\/(find|bulk-content))/,
    difference: /^(\[\]\.)?IsProtected: only in the second$/,
    cause: "newer Orthanc",
    reason: "§2.7: IsProtected of patients",
  },
  {
    requests: /^(GET \/(patients|studies|series|instances)|POST \/tools\/(find|bulk-content))/,
    difference:
      /^(\[\]\.)?MainDicomTags\.(TimezoneOffsetFromUTC|0008,0201|PerformedProcedureStepStart(Date|Time)|0040,024[45]): only in the second$/,
    cause: "newer Orthanc",
    reason: "§2.2: main tags since 1.12.5",
  },
  {
    requests: /^(GET \/|POST \/tools\/find)/,
    difference: /^(\[\]\.)?MainDicomTags\.(ImageComments|0020,4000): only in the second$/,
    cause: "newer Orthanc",
    reason: "§2.2: main tags are given although they are longer than 256 bytes",
  },
  {
    requests: /^GET \/\S+\?requestedTags=/,
    difference: /^(\[\]\.)?RequestedTags: only in the second$/,
    cause: "newer Orthanc",
    reason: "§2.7: requested-tags",
  },
  {
    requests: /^GET \/(patients|studies|series|instances)\/\S+ accept: application\/xml/,
    difference: /^body: /,
    cause: "newer Orthanc",
    reason: "§2.6: labels and §2.2: main tags, in XML too",
  },
  {
    requests: /^GET \/\S+\/metadata|^POST \/tools\/bulk-content/,
    difference:
      /^(body: )?"?(\[\]\.Metadata\.)?(MainDicomTagsSignature|MainDicomSequences|PixelDataVR)"?:? only in the second$/,
    cause: "newer Orthanc",
    reason: "§2.3: newer metadata",
  },
  {
    requests: /^GET \/\S+\/metadata|^POST \/tools\/bulk-content/,
    difference: /^(body: )?"?(\[\]\.Metadata\.)?HttpUsername"?:? only in the first$/,
    cause: "newer Orthanc",
    reason: "§2.3: HttpUsername only where there is one; 1.10.1 keeps an empty text",
  },
  {
    requests: /^GET \/\S+\/metadata\?(expand&)?numeric/,
    difference: /^(\[\]: |\d+: only in the second$|\w+: only in the first$)/,
    cause: "newer Orthanc",
    reason: "§2.3: ?numeric names metadata by their numbers",
  },
  {
    requests: /^GET \/\S+\/attachments\/\w+ /,
    difference: /^body: "uuid" only in the first$/,
    cause: "newer Orthanc",
    reason: "§2.5: the operations on attachments have no uuid: info tells it",
  },
  {
    requests: /^GET \/\S+\/(attachments|metadata)\/\w+/,
    difference: /^etag: "\\"\d+-\w{32}\\"" \/ "\\"[1-9]\d*-\w{32}\\""$/,
    cause: "newer Orthanc",
    reason: "§2.4: revisions since 1.12.8",
  },
  {
    requests: /^GET \/instances\/\S+\/attachments\/\w+/,
    difference: /^etag: "\\"0-\w{32}\\"" \/ "\\"\d+-[0-9a-f]{8}\\""$/,
    cause: "on purpose",
    reason:
      "The ETag of a DICOM file has its CRC-32, not its MD5, which is made when it is asked for: storing is faster",
  },
  {
    requests: /^GET \/\S+\/(attachments|metadata)\/\w+/,
    difference: /^etag: "\\"0-\w{32}\\"" \/ nothing$/,
    cause: "on purpose",
    reason: "An error has no ETag",
  },
  {
    requests: /^GET \/instances\/\S+\/(file|attachments\/\w+\/(compressed-)?data)\?filename=/,
    difference: /^content-disposition: /,
    cause: "newer Orthanc",
    reason: "§2.5: ?filename names the file",
  },
  {
    requests: /^GET \/instances\/\S+\/attachments\/dicom\/compressed-size /,
    difference: /^body: \d+ \/ \d+$/,
    cause: "on purpose",
    reason: "Compressed attachments have another size: another implementation of zlib",
  },
  {
    requests: /^GET \/instances\/\S+\/file\?transcode=1\.2\.3 /,
    difference: /^status: 200 \/ 400 \(3\)$/,
    cause: "newer Orthanc",
    reason: "§8.1: an unknown transfer syntax is 400",
  },
];
