import { describe, expect, it } from "vitest";
import type { Level } from "../catalog/catalog.ts";
import { mainDicomTags } from "../dicom/main-dicom-tags.ts";
import type { Tag } from "../dicom/tag.ts";
import { tagLevels } from "./find-levels.ts";
import { planTags } from "./requested-tags.ts";
import { warnAboutTags } from "./tag-warnings.ts";

const known = tagLevels(mainDicomTags());
const PatientComments = 0x00104000;
const Modality = 0x00080060;
const ModalitiesInStudy = 0x00080061;
const TransferSyntaxUID = 0x00020010;

function warnings(level: Level, requested: readonly Tag[], filesAreRead = true): string[] {
  const told: string[] = [];
  const plan = planTags(level, requested, known);
  warnAboutTags((warning, text) => told.push(`${warning.slice(0, 4)} ${text}`), requested, {
    plan,
    known,
    filesAreRead,
  });
  return told;
}

describe("warnings about requested tags", () => {
  it("are not for what the index knows or computes", () => {
    expect(warnings("Study", [0x00100010, 0x0020000d, ModalitiesInStudy])).toEqual([]);
  });

  it.each([
    [[PatientComments], true, "W001 Study: PatientComments are read from files"],
    [[PatientComments], false, "W007 Study: PatientComments are not answered"],
    [[Modality], true, "W005 Study: Modality belong to a lower level"],
    [[TransferSyntaxUID], true, "W006 Study: TransferSyntaxUID cannot be requested"],
  ])("%j", (requested, filesAreRead, text) => {
    expect(warnings("Study", requested, filesAreRead)).toEqual([expect.stringContaining(text)]);
  });
});
