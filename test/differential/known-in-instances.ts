import type { KnownDifference } from "./known-difference.ts";

const picture = "(preview|rendered|image-u?int(8|16))";

/** Tags, values and pictures of instances. */
export const knownInInstances: readonly KnownDifference[] = [
  {
    requests: /^(GET \/|POST \/tools\/(find|bulk-content))/,
    difference: /^\S+: ".*" \/ ".*[^\0-~].*"$/s,
    cause: "mistake of 1.10.1",
    reason:
      "Text of ISO 2022 and of files that declare no, or a wrong, character set is as in the corpus' truth; 1.10.1 reads it as ISO_IR 100",
  },
  {
    requests: /^GET \/\S+\/((simplified-)?tags|instances-tags|shared-tags|module)/,
    difference: /^\S*(0008,0005\.Value|SpecificCharacterSet): "ISO 2022 IR 13¥/,
    cause: "mistake of 1.10.1",
    reason: "PS3.5 §6.1.2.3: SpecificCharacterSet is not in the character set that it declares, in which \\ is a ¥",
  },
  {
    requests: /^GET \/\S+tags/,
    difference: /(0010,0010(\.Value)?|PatientName): "A\^B=\$Z;3ED" \/ "A\^B=\\u001b\$Z;3ED\\u001b"$/,
    cause: "on purpose",
    reason: "An escape sequence that does not exist is shown as it is stored",
  },
  {
    requests: /^GET \/\S+tags/,
    difference:
      /(\b0009,10(28|31)\.Type: "Null" \/ "String"|(\b0009,10(28|31)(\.Value)?|^Unknown Tag & Data): null \/ ".+")$/,
    cause: "newer Orthanc",
    reason: "PS3.5 §6.2: values of the VRs SV and UV; the DCMTK of 1.10.1 has no VRs of 64 bits",
  },
  {
    requests: /^GET \/series\/2a90259a-\S+\/ordered-slices/,
    difference: /^SlicesShort\[\]\[\]: "/,
    cause: "on purpose",
    reason: "Ordered slices: instances with the same number have no order",
  },
  {
    requests: /^GET \/instances\/\S+\/content\/NoSuchTag /,
    difference: /^status: 500 \(27\) \/ 404$/,
    cause: "newer Orthanc",
    reason: "§2.7: what is not there is an empty 404",
  },
  {
    requests: /^GET \/instances\/\S+\/metadata/,
    difference: /^body: "(TransferSyntax|PixelDataOffset)" only in the second$|^status: 404 \/ 200$/,
    cause: "newer Orthanc",
    reason: "§2.3: TransferSyntax and PixelDataOffset; 1.10.1 does not know the transfer syntax",
  },
  {
    requests: new RegExp(`^GET /instances/\\S+/${picture}`),
    difference: /^status: 415 \/ 200$/,
    cause: "on purpose",
    reason: "§10: Orthanc decodes JPEG 2000, HTJ2K, JPEG XL and others through its GDCM plugin only, or not at all",
  },
  {
    requests: new RegExp(`^GET /instances/\\S+/${picture}(\\?| accept)`),
    difference: /^status: 415 \/ 404$/,
    cause: "newer Orthanc",
    reason:
      "§11: an argument or a type that is wrong is 404; 1.10.1 answers 415 to what it cannot read, and to images that it cannot decode before that",
  },
  {
    requests: /^GET \/instances\/\S+\/image-u?int16 accept: image\/jpeg/,
    difference: /^status: 404 \/ 415$/,
    cause: "on purpose",
    reason: "Of two mistakes, a JPEG of 16 bits and colours as numbers, the other one is told",
  },
  {
    requests: /^GET \/instances\/\S+tags\?whole/,
    difference: /^DataSetTrailingPadding: only in the second$/,
    cause: "newer Orthanc",
    reason: "§2.7: ?whole reads to the end of the file",
  },
  {
    requests: new RegExp(`^GET /instances/\\S+/${picture}\\?returnUnsupportedImage`),
    difference: /^status: 301 \/ (307|200)$/,
    cause: "newer Orthanc",
    reason: "§1.1: redirects are 307 since 1.12.4; and of images that 1.10.1 cannot decode",
  },
  {
    requests: /^GET \/instances\/\S+\/raw(\.gz)? /,
    difference: /^status: (500 \(2\)|400 \(15\)) \/ 404 \(7\)$/,
    cause: "on purpose",
    reason: "What has no image has no frames: 404, and no failure of the server",
  },
  {
    requests: /^GET \/instances\/\S+\/content\/7fe0-0010\/0 /,
    difference: /^body: "/,
    cause: "on purpose",
    reason: "A value of odd length is sent as it is stored; Orthanc appends a byte",
  },
  {
    requests: /^GET \/instances\/\S+\/file\?transcode=1\.2\.840\.10008\.1\.2\.4\.50&/,
    difference: /^status: 200 \/ 500 \(2\)$/,
    cause: "newer Orthanc",
    reason: "§10: what cannot be transcoded is NotImplemented; 1.10.1 sends it as it is",
  },
  {
    requests: /^GET \/instances\/\S+\/raw(\.gz)? /,
    difference: /^status: 400 \(15\) \/ 200$/,
    cause: "mistake of 1.10.1",
    reason: "Bytes of a frame are given whatever transfer syntax they are in",
  },
];
