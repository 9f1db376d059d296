import type { KnownDifference } from "./known-difference.ts";

/** QIDO-RS, WADO-RS, WADO-URI and STOW-RS: DICOMweb 1.24 and Greyhaven beside DICOMweb 1.7. */
export const knownInDicomWeb: readonly KnownDifference[] = [
  {
    requests: /^GET \/dicom-web\//,
    difference: /^\[\]\.00080005(\.Value\[\]: "[^"]*" \/ "ISO_IR 192"|: only in the second)$/,
    cause: "newer Orthanc",
    reason: "§13.1: always ISO_IR 192, which JSON is in",
  },
  {
    requests: /^GET \/dicom-web\/\S+/,
    difference: /^\[\]\.(00080050|00080056|00080090|00080201|00400275): only in the second$/,
    cause: "newer Orthanc",
    reason: "§13.1: newer default attributes",
  },
  {
    requests: /^GET \/dicom-web\/\S+/,
    difference: /^\[\]\.00100010\.Value(: only in the second|\[\]\.(Alphabetic|Ideographic|Phonetic): )/,
    cause: "mistake of 1.10.1",
    reason: "Names in other scripts are as in the corpus' truth; 1.10.1 loses them on the way through ISO_IR 100",
  },
  {
    requests: /^GET \/dicom-web\/\S+/,
    difference:
      /^\[\](\.\w{8}\.Value\[\])*: (null|"[^"]*") \/ "[^"]*[^\0-~][^"]*"$|^\[\]\.00081030(\.Value)?: only in the second$/s,
    cause: "mistake of 1.10.1",
    reason: "Other text in other scripts, likewise",
  },
  {
    requests: /^GET \/dicom-web\/(series|instances|studies\/\S+\/(series|instances))/,
    difference:
      /^\[\]\.(00080030|00080050|00200010|00080090|00100030)\.Value: only in the (first|second)$|^\[\]\.00100040\.Value\[\]: "/,
    cause: "on purpose",
    reason:
      "Attributes of a study are those that the index has, of the instance that came first; DICOMweb 1.7 reads another instance, which says otherwise in some files",
  },
  {
    requests: /^GET \/dicom-web\/(studies|series)\?\w+=/,
    difference: /^\[\]: (\d+ \/ \d+|.* only in the second)$/,
    cause: "newer Orthanc",
    reason:
      "§13.1, §5: searches regard no case, and go down to the series of a study; DICOMweb 1.7 regards case, and finds no study by an attribute of its series",
  },
  {
    requests: /^GET \/dicom-web\/\w+\?limit=x/,
    difference: /^status: 400 \(15\) \/ 400 \(8\)$/,
    cause: "on purpose",
    reason: "A limit that is no number is a bad request; the plugin says BadFileFormat",
  },
  {
    requests: /^GET \/dicom-web\/\S+\/metadata/,
    difference: /^\[\](\.\w{8}\.Value\[\])+: -?[\d.]+(e[+-]\d+)? \/ -?[\d.]+(e[+-]\d+)?$/,
    cause: "on purpose",
    reason: "Values of VR FL, in as many digits as 32 bits need",
  },
  {
    requests: /^GET \/dicom-web\/\S+\/metadata/,
    difference: /^\[\]\.7FE00010: only in the second$/,
    cause: "newer Orthanc",
    reason: "§13.2: BulkDataURI of the pixel data; 1.7 leaves compressed ones out",
  },
  {
    requests: /^GET \/dicom-web\/\S+\/metadata/,
    difference: /^\[\]\.FFFCFFFC: only in the first$/,
    cause: "on purpose",
    reason: "Only headers are read: what stands behind the pixel data, as this padding, is left out",
  },
  {
    requests: /^GET \/dicom-web\/\S+\/metadata/,
    difference: /^\[\]\.00091017\.Value\[\]: null \/ "(-?Infinity|NaN)"$/,
    cause: "on purpose",
    reason: "JSON has no number for infinity: the value is there as text; 1.7 says null",
  },
  {
    requests: /^GET \/dicom-web\/\S+\/metadata/,
    difference: /^\[\]\.\w{8}\.Value\[\]: "[^"]*" \/ "[^"]*\\\\[^"]*"$/,
    cause: "mistake of 1.10.1",
    reason: "PS3.5 §6.2: a backslash separates no values of ST, LT and UT; 1.7 splits them there",
  },
  {
    requests: /^GET \/dicom-web\/\S+\/metadata/,
    difference: /^\[\]\.000910(28|31): only in the second$/,
    cause: "newer Orthanc",
    reason: "PS3.5 §6.2: the VRs SV and UV; the DCMTK of 1.10.1 has no VRs of 64 bits",
  },
  {
    requests: /^GET \/dicom-web\/\S+\/metadata/,
    difference: /^\[\](\.\w{8}\.Value\[\])*\.\w{8}\.(Value: only in the first|BulkDataURI: only in the second)$/,
    cause: "newer Orthanc",
    reason: "§13.2: OF, OD, OL and OV are bulk data by default (OtherBinaryMode); 1.7 lists their numbers",
  },
  {
    requests: /^GET \/dicom-web\/\S+\/metadata accept: application\/dicom\+xml/,
    difference: /^status: 400 \(8\) \/ 200$/,
    cause: "newer Orthanc",
    reason: "§13.2: metadata in XML is asked for by application/dicom+xml too",
  },
  {
    requests: /^GET \/dicom-web\/\S+\/frames\/1/,
    difference: /^(\[\]\.headers\.)?content-type: .*octet-stream; transfer-syntax=/,
    cause: "newer Orthanc",
    reason: "§13.2: uncompressed frames are application/octet-stream; 1.7 adds the transfer syntax",
  },
  {
    requests: /^GET \/dicom-web\/\S+\/frames\/x /,
    difference: /^status: 400 \(15\) \/ 400 \(3\)$/,
    cause: "on purpose",
    reason: "What is no number of a frame is a parameter out of range, as 0 is",
  },
  {
    requests: /^GET \/dicom-web\/\S+\/frames\/1000000 /,
    difference: /^status: (400 \((3|15)\)|500( \(\d+\))?) \/ (404 \(7\)|400 \(8\))$/,
    cause: "newer Orthanc",
    reason: "§13.2: a frame that is not there is 404, or 400 in what has no frames",
  },
  {
    requests: /^GET \/dicom-web\/\S+\/bulk\/x /,
    difference: /^status: 500 \(27\) \/ 400 \(8\)$/,
    cause: "newer Orthanc",
    reason: "§13.2: a bad path is 400",
  },
  {
    requests: /^GET \/dicom-web\/\S+\/bulk\/\w{8}\/1\/\w{8} /,
    difference: /^status: 200 \/ 404 \(7\)$/,
    cause: "mistake of 1.10.1",
    reason: "A sequence has no bytes of its own; 1.7 sends the list of its items as if it were the value",
  },
  {
    requests: /^POST \/dicom-web\/studies/,
    difference: /^(00080005|00081198): only in the first$|^00081198\.Value: only in the second$/,
    cause: "newer Orthanc",
    reason: "§13.4: FailedSOPSequence only if there are failures, then with all of them; text is UTF-8 anyway",
  },
  {
    requests: /^POST \/dicom-web\/studies/,
    difference: /^00081198\.Value\[\]\.000811(50|55): only in the first$/,
    cause: "on purpose",
    reason: "The UIDs of what has none are left out; 1.7 says that they are empty",
  },
  {
    requests: /^POST \/dicom-web\/studies/,
    difference: /^content-type: nothing \/ "application\/dicom\+json"$/,
    cause: "mistake of 1.10.1",
    reason: "PS3.18 §10.5.3: failures are told in the same dataset; 1.7 names no type for it",
  },
  {
    requests: /^POST \/dicom-web\/studies \d+ bytes$/,
    difference: /^status: 415 \(3000\) \/ 400$/,
    cause: "on purpose",
    reason: "A single instance may be posted as application/dicom, which 1.7 knows in multipart only",
  },
  {
    requests: /^POST \/dicom-web\/studies (7 bytes|--y)/,
    difference: /^status: 200 \/ 400 \(8\)$/,
    cause: "on purpose",
    reason: "A request without a single part stores nothing, and is told so",
  },
];
