/** Attributes of the modules that Orthanc shows per level (PS3.3 Annex C), as tags in hexadecimal. */
export type DicomModule = "Patient" | "Study" | "Series" | "Instance";

const patientModule = `
  00081120 00100010 00100020 00100021 00100024 00100030 00100032 00100040 00101000 00101001 00102160 00102201 00102202
  00102292 00102293 00102294 00102297 00102298 00102299 00104000 00120062 00120063 00120064`; // PS3.3 Table C.7-1

const studyModule = `
  00080020 00080030 00080050 00080051 00080090 00080096 00081030 00081032 00081048 00081049 00081060 00081062 00081110
  0020000D 00200010`; // PS3.3 Table C.7-3

const seriesModule = `
  00080021 00080031 00080060 0008103E 0008103F 00081050 00081052 00081070 00081072 00081111 00081250 00102210 00180015
  00181030 00185100 0020000E 00200011 00200060 00280108 00280109 00400244 00400245 00400253 00400254 00400260 00400275 00400280
  `; // PS3.3 Tables C.7-5a and 10-16

const instanceModule = `
  00080005 00080012 00080013 00080014 00080016 00080018 00080110 00080201 0018A001 00200013 01000410 01000411 01000420
  01000424 01000426 04000500 04000561`; // PS3.3 Table C.12-1

function tagsOf(text: string): ReadonlySet<number> {
  return new Set(
    text
      .trim()
      .split(/\s+/)
      .map((hex) => Number.parseInt(hex, 16)),
  );
}

export const moduleTags: Readonly<Record<DicomModule, ReadonlySet<number>>> = {
  Patient: tagsOf(patientModule),
  Study: tagsOf(studyModule),
  Series: tagsOf(seriesModule),
  Instance: tagsOf(instanceModule),
};
