import type { KnownDifference } from "../differential/known-difference.ts";

/** What Orthanc has changed since 1.10.1, and where Greyhaven is another server on purpose. */
export const knownModifyDifferences: readonly KnownDifference[] = [
  {
    requests: /anonymize/,
    difference: /^00120063\[0\]: "Orthanc 1\.10\.1( - .*)" \/ "Greyhaven [\d.]+\1"$/,
    cause: "on purpose",
    reason: "§8.2: each names itself",
  },
  {
    requests: /anonymize .*(Keep|Replace|Remove)/,
    difference: /^00120063: only in the second$/,
    cause: "newer Orthanc",
    reason: "§8.2: the name and version alone where the user softens the profile; 1.10.1 writes nothing then",
  },
  {
    requests: /anonymize/,
    difference: /^00081140\[0\]\.00100010: 1 values \/ 0 values$/,
    cause: "on purpose",
    reason: "PS3.15 Table E.1-1: PatientName is emptied in sequences too; Orthanc leaves it there",
  },
  {
    requests: /anonymize .*(2017c|2021b)/,
    difference: /^(60003000|60004000): only in the first$/,
    cause: "newer Orthanc",
    reason: "§8.2: overlay data and comments are removed; 1.10.1 removes them in sequences only",
  },
  {
    requests: /anonymize .*(2017c|2021b)/,
    difference: /^6000(00|01)\w\w: only in the first$/,
    cause: "on purpose",
    reason: "PS3.3 §C.9.2: an overlay without data is none, so that what describes it goes too",
  },
  {
    requests: /anonymize/,
    difference: /^(00080023|00080033|30060002|300A0002): 0 values \/ 1 values$/,
    cause: "on purpose",
    reason: "PS3.15 §E.1.1: a dummy where the object needs a value (Type 1); Orthanc empties it",
  },
  {
    requests: /anonymize/,
    difference:
      /^(0008002A|00081070|00081111|00181000|300A00B0\[\d\]\.300A00B2|300A000[67]|300E0008): only in the second$/,
    cause: "on purpose",
    reason:
      "PS3.15 §E.1.1: empty, or a dummy, where the object needs the attribute (Type 2, Type 1); Orthanc removes it",
  },
  {
    requests: /anonymize/,
    difference: /^0040A730: only in the first$/,
    cause: "on purpose",
    reason: "PS3.3 §C.17.3: a report without content items has no sequence of them; Orthanc leaves an empty one",
  },
  {
    requests: /anonymize/,
    difference: /^00100020: only in the second$/,
    cause: "newer Orthanc",
    reason: "§8.2: PatientID is a UUID; 1.10.1 gives none to an instance without PatientID",
  },
  {
    requests: /"Keep":\[.*"0009,1001"/,
    difference: /^00090010: only in the second$/,
    cause: "on purpose",
    reason: "PS3.5 §7.8.1: a private attribute that is kept is kept with its creator",
  },
  {
    requests: /"0011,0010":"HELLO"/,
    difference: /^00110010: /,
    cause: "mistake of 1.10.1",
    reason: "PS3.5 §7.8.1: a private creator is LO; 1.10.1 writes UN",
  },
  {
    requests: /"EncapsulatedDocument"/,
    difference: /^00420015: only in the second$/,
    cause: "on purpose",
    reason: "PS3.3 §C.24.2: the length of a document that had to be padded",
  },
  {
    requests: /"ReferencedImageSequence":"text"/,
    difference: /^400 \(15\) \/ 400 \(5\)$/,
    cause: "on purpose",
    reason: "A text for a sequence is a bad type of a parameter, as a number for a text is in Orthanc",
  },
  {
    requests: /"Transcode":"1\.2\.3"/,
    difference: /^400 \(15\) \/ 400 \(3\)$/,
    cause: "newer Orthanc",
    reason: "§8.1: an unknown transfer syntax is ParameterOutOfRange",
  },
  {
    requests: /create-dicom .*"Content":\[/,
    difference: /^404 \(17\) \/ 400 \((15|2023)\)$/,
    cause: "mistake of 1.10.1",
    reason: "The error is that of the instance; 1.10.1 fails to remove the series that it has not made yet",
  },
  {
    requests: /create-dicom \{("PatientName"|\})/,
    difference: /^00080005: only in the second$/,
    cause: "on purpose",
    reason:
      "§8.4: text has a declared character set; 1.10.1 writes Latin-1 without saying so in the first form of the body",
  },
];
