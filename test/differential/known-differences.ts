/** A difference that is meant: in the answers to `requests`, as compareAnswers tells it, with Orthanc first. */
export interface KnownDifference {
  readonly requests: RegExp;
  readonly difference: RegExp;
  /** Sections are those of orthanc-behaviour.md, which describes Orthanc 1.13 with DICOMweb 1.24. */
  readonly reason: string;
}

/** What Orthanc has changed since 1.10.1, and where Greyhaven is another server on purpose. */
export const knownDifferences: readonly KnownDifference[] = [
  {
    requests: /./,
    difference: /^content-type: nothing \/ "text\/plain"$/,
    reason: "§1.3: errors are sent as text/plain; 1.10.1 names no type",
  },
  {
    requests: /^GET \/system\/\.\.\/system/,
    difference: /./,
    reason: "§1.1: components . and .. are refused with 400; 1.10.1 resolves them",
  },
  {
    requests: /^GET \/studies\/0{8}/,
    difference: /^body: "" \/ \{"HttpError":"Not Found"/,
    reason: "§2.7: an unknown resource is an error in JSON; 1.10.1 answers an empty 404",
  },
  {
    requests: /^GET \/system /,
    difference:
      /^(ApiVersion|Version|HttpPort|DicomPort): |^(Capabilities|DatabaseServerIdentifier|DicomDefaultRetrieveMethod|HasLabels|IngestTranscoding|MainDicomTags|Maximum\w+|OverwriteInstances(Mode)?|PatientLevelEnabled|Performance|ReadOnly|StorageCompression|StoreMD5ForAttachments|ThirdParty\w+|UserMetadata): only in the second$/,
    reason: "§12: keys of /system since 1.10.1; ports differ",
  },
  {
    requests: /^GET \/changes/,
    difference: /^First: only in the second$/,
    reason: "§3: First, where there are changes",
  },
  {
    requests: /^DELETE \/jobs\//,
    difference: /^(status|allow|body): /,
    reason: "§4: DELETE /jobs/{id} is newer",
  },
  {
    requests: /^GET \/tools /,
    difference: /^body: "(accepted-sop-classes|count-resources|labels|openapi)" only in the second$/,
    reason: "§2.6, §5, rest-routes.json: newer tools; the OpenAPI description is our own",
  },
  {
    requests: /^GET \/tools /,
    difference: /^body: "execute-script" only in the first$/,
    reason: "Not in Greyhaven yet",
  },
  {
    requests: /^GET \/plugins\/dicom-web /,
    difference: /^(Version|Description|RootUri|ExtendsOrthancExplorer): /,
    reason: "DICOMweb is no plugin here, and has no page of its own",
  },
  {
    requests: /^(GET \/(patients|studies|series|instances)|POST \/tools\/find)/,
    difference: /^(\[\]\.)?Labels: only in the second$/,
    reason: "§2.6: labels",
  },
  {
    requests: /^GET \/(patients|instances)/,
    difference: /^(\[\]\.)?IsProtected: only in the second$/,
    reason: "§2.7: IsProtected of patients",
  },
  {
    requests: /^(GET \/(patients|studies|series|instances)|POST \/tools\/find)/,
    difference:
      /^(\[\]\.)?MainDicomTags\.(TimezoneOffsetFromUTC|0008,0201|PerformedProcedureStepStart(Date|Time)|0040,024[45]): only in the second$/,
    reason: "§2.2: main tags since 1.12.5",
  },
  {
    requests: /^GET \/instances\?expand /,
    difference: /^\[\]\.MainDicomTags\.ImageComments: only in the second$/,
    reason: "§2.2: main tags are given although they are longer than 256 bytes",
  },
  {
    requests: /^GET \/studies\/\S+\?requestedTags=/,
    difference: /^RequestedTags: only in the second$/,
    reason: "§2.7: requested-tags",
  },
  {
    requests: /^GET \/studies\/\S+ accept: application\/xml/,
    difference: /^body: /,
    reason: "§2.6: labels and §2.2: main tags, in XML too",
  },
  {
    requests: /^GET \/\S+\/metadata/,
    difference: /^(body: )?"?(MainDicomTagsSignature|PixelDataVR)"?:? only in the second$/,
    reason: "§2.3: newer metadata",
  },
  {
    requests: /^GET \/instances\/\S+\/metadata\?expand/,
    difference: /^HttpUsername: only in the first$/,
    reason: "§2.3: HttpUsername only where there is one; 1.10.1 keeps an empty text",
  },
  {
    requests: /^GET \/instances\/\S+\/attachments\/dicom /,
    difference: /^body: "uuid" only in the first$/,
    reason: "§2.5: the operations on attachments have no uuid: info tells it",
  },
  {
    requests: /^POST \/tools\/find \{"Level":"Study","Query":\{"StudyDate":"-20041231"\}\}/,
    difference: /^body: "[0-9a-f-]{44}" only in the first$/,
    reason: "PS3.4 §C.2.2.2.5: an empty date is in no range; Orthanc compares texts",
  },
  {
    requests: /^GET \/dicom-web\/(studies|series|instances)/,
    difference: /^\[\]\.00080005\.Value\[\]: "ISO_IR 100" \/ "ISO_IR 192"$/,
    reason: "§13.1: always ISO_IR 192, which JSON is in",
  },
  {
    requests: /^GET \/dicom-web\/(studies|series|instances)/,
    difference: /^\[\]\.(00080056|00080201|00400275): only in the second$/,
    reason: "§13.1: newer default attributes",
  },
  {
    requests: /^GET \/dicom-web\/(studies|series|instances) /,
    difference: /^\[\]\.00100010\.Value(: only in the second|\[\]\.(Alphabetic|Ideographic|Phonetic): )/,
    reason: "names in other scripts are as in the corpus' truth; 1.10.1 loses them on the way through ISO_IR 100",
  },
  {
    requests: /^GET \/dicom-web\/\S+\/metadata/,
    difference: /^\[\]\.\w{8}\.Value\[\]: -?[\d.]+ \/ -?[\d.]+$/,
    reason: "Values of VR FL, in as many digits as 32 bits need",
  },
  {
    requests: /^GET \/dicom-web\/\S+\/metadata/,
    difference: /^\[\]\.7FE00010: only in the second$/,
    reason: "§13.2: BulkDataURI of the pixel data; 1.10.1 leaves compressed ones out",
  },
  {
    requests: /^GET \/dicom-web\/\S+\/metadata/,
    difference: /^\[\]\.FFFCFFFC: only in the first$/,
    reason: "Only headers are read: what stands behind the pixel data, as this padding, is left out",
  },
  {
    requests: /^GET \/dicom-web\/\S+\/frames\/1/,
    difference: /^(\[\]\.headers\.)?content-type: .*octet-stream; transfer-syntax=/,
    reason: "§13.2: uncompressed frames are application/octet-stream; 1.10.1 adds the transfer syntax",
  },
  {
    requests: /^(GET \/dicom-web\/servers|PUT \/studies|POST \/instances\/\S+\/attachments)/,
    difference: /^content-type: "application\/json" \/ "application\/json; charset=utf-8"$/,
    reason: "§1.2: JSON says that it is in UTF-8",
  },
  {
    requests: /^POST \/dicom-web\/studies/,
    difference: /^(00080005|00081198): only in the first$|^00081198\.Value: only in the second$/,
    reason: "§13.4: FailedSOPSequence only if there are failures, then with all of them; text is UTF-8 anyway",
  },
  {
    requests: /^POST \/dicom-web\/studies/,
    difference: /^content-type: nothing \/ "application\/dicom\+json"$/,
    reason: "PS3.18 §10.5.3: failures are told in the same dataset; 1.10.1 names no type for it",
  },
  {
    requests: /^GET \/instances\/\S+\/attachments\/dicom\/(is-compressed|compressed-size) /,
    difference: /^(etag: "\\"0-\w{32}\\"" \/ "\\"1-\w{32}\\""|body: \d+ \/ \d+)$/,
    reason: "§2.4: revisions since 1.12.8; another zlib",
  },
];
