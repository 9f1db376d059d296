import { expect, it } from "vitest";
import { findQuery, qidoArguments, withStudyDate, withWildcards } from "./search.ts";

it("searches texts anywhere, unless the user wrote wildcards", () => {
  expect(
    withWildcards({ PatientName: "doe", PatientID: "A*", AccessionNumber: "1?", ModalitiesInStudy: "CT" }),
  ).toEqual({
    PatientName: "*doe*",
    PatientID: "A*",
    AccessionNumber: "1?",
    ModalitiesInStudy: "CT",
  });
});

it("makes a range of two dates, open where one is missing", () => {
  expect(withStudyDate({ From: "2026-11-02", To: "2026-12-31" })).toEqual({ StudyDate: "20261102-20261231" });
  expect(withStudyDate({ From: "2026-11-02" })).toEqual({ StudyDate: "20261102-" });
  expect(withStudyDate({ To: "2026-11-02" })).toEqual({ StudyDate: "-20261102" });
  expect(withStudyDate({ From: "2026-11-02", To: "2026-11-02" })).toEqual({ StudyDate: "20261102" });
  expect(withStudyDate({ PatientID: "1" })).toEqual({ PatientID: "1" });
});

it("gives /tools/find both", () => {
  expect(findQuery({ PatientName: "doe", From: "2026-11-02" })).toEqual({
    PatientName: "*doe*",
    StudyDate: "20261102-",
  });
});

it("asks QIDO-RS for beginnings of names, and for nothing that Google does not know", () => {
  expect(qidoArguments({ PatientName: "doe", PatientID: "1" })).toEqual({
    PatientName: "doe",
    PatientID: "1",
    fuzzymatching: "true",
  });
  expect(qidoArguments({ PatientName: "doe*" })).toEqual({ PatientName: "doe*" });
  expect(qidoArguments({})).toEqual({});
});
