import { expect, it } from "vitest";
import { hiddenInLogs } from "./hidden-in-logs.ts";

const PatientName = 0x00100010;
const Modality = 0x00080060;
/** In Table E.1-1 of PS3.15 since 2009, but not in that of 2008. */
const StudyDate = 0x00080020;

it("hides what the profile of the edition touches, with DeidentifyLogs", () => {
  const hidden = hiddenInLogs({ DeidentifyLogs: true, DeidentifyLogsDicomVersion: "2023b" });
  expect([PatientName, Modality, StudyDate].map(hidden)).toEqual([true, false, true]);
  const old = hiddenInLogs({ DeidentifyLogs: true, DeidentifyLogsDicomVersion: "2008" });
  expect([PatientName, StudyDate].map(old)).toEqual([true, false]);
  const shown = hiddenInLogs({ DeidentifyLogs: false, DeidentifyLogsDicomVersion: "2023b" });
  expect(shown(PatientName)).toBe(false);
});
