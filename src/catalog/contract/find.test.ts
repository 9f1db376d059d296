import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { implementations, type OpenedCatalog } from "../../../test/catalog/implementations.ts";
import { dicomFile, keep, sampleInstance } from "../../../test/catalog/sample-instance.ts";
import type { Catalog, FindRequest, TagMatch } from "../catalog.ts";

const tags = {
  PatientName: 0x00100010,
  PatientID: 0x00100020,
  PatientComments: 0x00104000,
  StudyDate: 0x00080020,
  AccessionNumber: 0x00080050,
  StudyInstanceUID: 0x0020000d,
  ReferringPhysicianName: 0x00080090,
  Modality: 0x00080060,
  SeriesNumber: 0x00200011,
  InstanceNumber: 0x00200013,
} as const;

const wildcard = (pattern: string): TagMatch => ({ match: "wildcard", pattern });
const equal = (value: string): TagMatch => ({ match: "equal", value });

const study = (patient: string) => sampleInstance({ patient, instance: "" }).identifiers.Study;

describe.each(implementations)("finding: $name", ({ open }) => {
  let opened: OpenedCatalog;
  let catalog: Catalog;

  const people = [
    { patient: "p1", name: "Müller^Anna", date: "20200101", referring: "Straße^Dr" },
    { patient: "p2", name: "MULLER^BEN", date: "20200215", referring: "house^Dr" },
    { patient: "P3", name: "O_Neil^Cid", date: "20210101", referring: "House^Dr" },
    { patient: "p4", name: "Anderson^Dan", date: undefined, referring: undefined },
  ];

  beforeAll(async () => {
    opened = await open();
    catalog = opened.catalog;
    for (const [at, { patient, name, date, referring }] of people.entries()) {
      const study = {
        "00080050": `ACC ${at}`,
        ...(date === undefined ? {} : { "00080020": date }),
        ...(referring === undefined ? {} : { "00080090": referring }),
      };
      const common = { Patient: { "00100010": name, "00104000": `comment ${at}` }, Study: study };
      await catalog.storeInstance(
        sampleInstance({
          patient,
          instance: `${patient}.ct`,
          series: `${patient}.s1`,
          tags: {
            ...common,
            Series: { "00080060": "CT", "00200011": `${10 - at}` },
            Instance: { "00200013": "2", "001811A0": "45" },
          },
          index: "2",
        }),
        keep,
      );
      if (at % 2 === 0)
        await catalog.storeInstance(
          sampleInstance({
            patient,
            instance: `${patient}.mr`,
            series: `${patient}.s2`,
            sopClass: "1.2.840.10008.5.1.4.1.1.4",
            tags: { ...common, Series: { "00080060": "MR" }, Instance: { "00200013": "10" } },
          }),
          keep,
        );
    }
  });
  afterAll(() => opened.dispose());

  /** PatientIDs of the studies that a constraint has. */
  const studies = async (tag: number, match: TagMatch, caseSensitive = false) =>
    patientsOf({ level: "Study", constraints: [{ tag, caseSensitive, ...match }] });
  const patientsOf = async (request: Omit<FindRequest, "include">) => {
    const found = await catalog.find({ ...request, include: { mainDicomTags: ["Patient"] } });
    if (request.limit === undefined && request.since === undefined)
      expect(await catalog.count(request)).toBe(found.length);
    return found.map((resource) => resource.mainDicomTags?.Patient?.["00100020"]);
  };

  const idsOf = async (request: Omit<FindRequest, "include">) =>
    (await catalog.find({ ...request, include: {} })).map(({ publicId }) => publicId);
  const withLabels = (labels: string[], constraint: "All" | "Any" | "None") =>
    patientsOf({ level: "Study", labels: { labels, constraint } });
  const by = (orderBy: NonNullable<FindRequest["orderBy"]>) => patientsOf({ level: "Study", orderBy });

  it.each<[string, TagMatch, boolean, string[]]>([
    ["a prefix", wildcard("mul*"), false, ["p2"]],
    ["a prefix with an accent", wildcard("MÜL*"), false, ["p1"]],
    ["? for a letter with an accent", wildcard("m?ller^*"), false, ["p1", "p2"]],
    ["an infix", wildcard("*SON^*"), false, ["p4"]],
    ["an infix in the right case only", wildcard("*SON^*"), true, []],
    ["an infix in the right case", wildcard("*son^*"), true, ["p4"]],
    ["* for all that have a name", wildcard("*"), false, ["p1", "p2", "P3", "p4"]],
    ["an underscore as itself", wildcard("O_NEIL*"), false, ["P3"]],
    ["a space where the name has an underscore", wildcard("O NEIL*"), false, []],
    ["brackets as themselves", wildcard("[OM]*"), false, []],
    ["an equal name in another case", equal("müller^anna"), false, ["p1"]],
    ["an equal name, case-sensitively", equal("müller^anna"), true, []],
    ["no name without its accent", equal("MLLER^ANNA"), false, []],
    ["a list", { match: "list", values: ["MULLER^BEN", "ANDERSON^DAN", "x"] }, false, ["p2", "p4"]],
  ])("finds PatientName by %s", async (_what, match, caseSensitive, expected) => {
    expect(await studies(tags.PatientName, match, caseSensitive)).toEqual(expected);
  });

  it.each<[string, TagMatch, string[]]>([
    ["both ends", { match: "range", from: "20200101", to: "20200215" }, ["p1", "p2"]],
    ["the lower end", { match: "range", from: "20200102" }, ["p2", "P3"]],
    ["the upper end", { match: "range", to: "20200101" }, ["p1"]],
  ])("finds StudyDate in a range with %s", async (_what, match, expected) => {
    expect(await studies(tags.StudyDate, match)).toEqual(expected);
  });

  it("finds PatientID in any case, or in the right one", async () => {
    expect(await studies(tags.PatientID, equal("p3"))).toEqual(["P3"]);
    expect(await studies(tags.PatientID, equal("p3"), true)).toEqual([]);
  });

  it("finds by tags without an index", async () => {
    expect(await studies(tags.ReferringPhysicianName, equal("HOUSE^DR"))).toEqual(["p2", "P3"]);
    expect(await studies(tags.ReferringPhysicianName, equal("House^Dr"), true)).toEqual(["P3"]);
    expect(await studies(tags.ReferringPhysicianName, wildcard("STRAß*"))).toEqual(["p1"]);
    expect(await studies(tags.ReferringPhysicianName, wildcard("%ouse*"))).toEqual([]);
  });

  it("finds studies by a tag of any of their series", async () => {
    expect(await studies(tags.Modality, equal("MR"))).toEqual(["p1", "P3"]);
    expect(await studies(tags.Modality, { match: "list", values: ["MR", "US"] })).toEqual(["p1", "P3"]);
    expect(await studies(tags.Modality, wildcard("m*"))).toEqual(["p1", "P3"]);
    expect(await studies(tags.InstanceNumber, equal("2"))).toEqual([]);
    expect(
      await patientsOf({
        level: "Patient",
        constraints: [{ tag: tags.Modality, caseSensitive: false, ...equal("CT") }],
      }),
    ).toEqual([]);
  });

  it("finds by tags of the levels above", async () => {
    const request = {
      level: "Instance",
      constraints: [{ tag: tags.StudyInstanceUID, caseSensitive: true, ...equal("p1.1") }],
    } as const;
    expect(await patientsOf(request)).toEqual(["p1", "p1"]);
    expect(
      await patientsOf({
        ...request,
        constraints: [...request.constraints, { tag: tags.Modality, caseSensitive: true, ...equal("MR") }],
      }),
    ).toEqual(["p1"]);
  });

  it("finds by extra main DICOM tags, at each level", async () => {
    const constraints = [{ tag: tags.PatientComments, caseSensitive: false, ...wildcard("COMMENT 2") }];
    expect(await patientsOf({ level: "Patient", constraints })).toEqual(["P3"]);
    expect(await patientsOf({ level: "Series", constraints })).toEqual(["P3", "P3"]);
  });

  it("refuses tags that it does not keep", async () => {
    await expect(studies(0x00180050, equal("1"))).rejects.toMatchObject({ errorName: "ParameterOutOfRange" });
  });

  it("finds among identifiers, descendants and ancestors", async () => {
    const { identifiers } = sampleInstance({ patient: "p1", instance: "p1.mr", series: "p1.s2" });
    expect(await idsOf({ level: "Study", publicIds: [identifiers.Study, "unknown"] })).toEqual([identifiers.Study]);
    expect(
      await idsOf({ level: "Instance", relatedTo: { level: "Patient", publicId: identifiers.Patient } }),
    ).toHaveLength(2);
    expect(await idsOf({ level: "Series", relatedTo: { level: "Study", publicId: identifiers.Study } })).toHaveLength(
      2,
    );
    expect(await idsOf({ level: "Series", relatedTo: { level: "Series", publicId: identifiers.Series } })).toEqual([
      identifiers.Series,
    ]);
    for (const level of ["Patient", "Study", "Series"] as const)
      expect(await idsOf({ level, relatedTo: { level: "Instance", publicId: identifiers.Instance } })).toEqual([
        identifiers[level],
      ]);
    expect(await idsOf({ level: "Study", relatedTo: { level: "Patient", publicId: "unknown" } })).toEqual([]);
  });

  it("finds by labels", async () => {
    await catalog.addLabel(study("p1"), "a");
    await catalog.addLabel(study("p1"), "b");
    await catalog.addLabel(study("p2"), "a");
    expect(await withLabels(["a", "b", "a"], "All")).toEqual(["p1"]);
    expect(await withLabels(["a", "b"], "Any")).toEqual(["p1", "p2"]);
    expect(await withLabels(["b"], "None")).toEqual(["p2", "P3", "p4"]);
    expect(await withLabels([], "None")).toEqual(["P3", "p4"]);
    expect(await withLabels([], "All")).toHaveLength(4);
    for (const [patient, label] of [
      ["p1", "a"],
      ["p1", "b"],
      ["p2", "a"],
    ] as const)
      await catalog.removeLabel(study(patient), label);
  });

  it("finds by metadata", async () => {
    const { Instance } = sampleInstance({ patient: "p2", instance: "p2.ct", series: "p2.s1" }).identifiers;
    await catalog.setMetadata(Instance, 1024, "hello");
    expect(await patientsOf({ level: "Instance", metadata: [{ metadata: 1024, match: wildcard("h*o") }] })).toEqual([
      "p2",
    ]);
    expect(
      await patientsOf({ level: "Instance", metadata: [{ metadata: 10, match: equal("1.2.840.10008.5.1.4.1.1.4") }] }),
    ).toEqual(["p1", "P3"]);
  });

  it("pages in the order of storing, also what it checks itself", async () => {
    expect(await patientsOf({ level: "Study", since: 1, limit: 2 })).toEqual(["p2", "P3"]);
    expect(await patientsOf({ level: "Study", since: 3 })).toEqual(["p4"]);
    const constraints = [{ tag: tags.PatientName, caseSensitive: false, ...wildcard("*^*") }];
    expect(await patientsOf({ level: "Study", constraints, since: 1, limit: 2 })).toEqual(["p2", "P3"]);
    expect(await patientsOf({ level: "Study", constraints, limit: 0 })).toHaveLength(4);
  });

  it("orders by tags and metadata, absent values last, ties by storing", async () => {
    expect(await by([{ key: { tag: tags.StudyDate }, as: "text", descending: true }])).toEqual([
      "P3",
      "p2",
      "p1",
      "p4",
    ]);
    expect(await by([{ key: { tag: tags.StudyDate }, as: "text", descending: false }])).toEqual([
      "p1",
      "p2",
      "P3",
      "p4",
    ]);
    expect(await by([{ key: { metadata: 7 }, as: "text", descending: true }])).toEqual(["p1", "p2", "P3", "p4"]);
    const series = await catalog.find({
      level: "Series",
      orderBy: [{ key: { tag: tags.SeriesNumber }, as: "integer", descending: false }],
      limit: 4,
      include: { mainDicomTags: ["Series"] },
    });
    expect(series.map(({ mainDicomTags }) => mainDicomTags?.Series?.["00200011"])).toEqual(["7", "8", "9", "10"]);
  });

  it("includes what is asked for, and nothing else", async () => {
    const { identifiers } = sampleInstance({ patient: "p1", instance: "p1.ct", series: "p1.s1" });
    const other = sampleInstance({ patient: "p1", instance: "p1.mr", series: "p1.s2" }).identifiers;
    const [bare] = await catalog.find({ level: "Study", limit: 1, include: {} });
    expect(bare).toEqual({ level: "Study", publicId: identifiers.Study });
    const [found] = await catalog.find({
      level: "Study",
      limit: 1,
      include: {
        mainDicomTags: ["Patient", "Study"],
        ancestors: true,
        children: true,
        metadata: true,
        attachments: true,
        labels: true,
        status: true,
        counts: true,
        modalitiesInStudy: true,
        sopClasses: true,
        oneInstance: true,
      },
    });
    expect(found).toEqual({
      level: "Study",
      publicId: identifiers.Study,
      mainDicomTags: {
        Patient: { "00100010": "Müller^Anna", "00100020": "p1", "00104000": "comment 0" },
        Study: { "00080020": "20200101", "00080050": "ACC 0", "00080090": "Straße^Dr", "0020000D": "p1.1" },
      },
      ancestors: { Patient: identifiers.Patient },
      children: [identifiers.Series, other.Series].sort(),
      metadata: { 7: "20260102T030405" },
      attachments: [],
      labels: [],
      status: { isStable: false, isProtected: false, lastUpdate: "20260102T030405" },
      counts: { studies: 0, series: 2, instances: 2 },
      modalitiesInStudy: ["CT", "MR"],
      sopClasses: ["1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.4"],
      oneInstance: identifiers.Instance,
    });
  });

  it("has the tags that are needed, with a column or without", async () => {
    const [found] = await catalog.find({
      level: "Study",
      limit: 1,
      include: {
        mainDicomTags: ["Patient", "Study"],
        neededTags: { Patient: [tags.PatientComments], Study: [tags.StudyDate] },
      },
    });
    expect(found?.mainDicomTags).toEqual({ Patient: { "00104000": "comment 0" }, Study: { "00080020": "20200101" } });
    const [patient] = await catalog.find({
      level: "Study",
      limit: 1,
      include: { mainDicomTags: ["Patient", "Study"], neededTags: { Study: [] } },
    });
    expect(patient?.mainDicomTags?.Patient).toEqual({
      "00100010": "Müller^Anna",
      "00100020": "p1",
      "00104000": "comment 0",
    });
  });

  it("includes the parts of instances and series", async () => {
    const sample = sampleInstance({ patient: "p2", instance: "p2.ct", series: "p2.s1" });
    const { identifiers } = sample;
    await catalog.setAttachment(identifiers.Instance, { ...dicomFile(3), type: 1024 });
    const [instance] = await catalog.find({
      level: "Instance",
      publicIds: [identifiers.Instance],
      include: {
        mainDicomTags: ["Instance"],
        ancestors: true,
        attachments: true,
        metadata: true,
        sopClasses: true,
        children: true,
        oneInstance: true,
      },
    });
    expect(instance).toMatchObject({
      mainDicomTags: { Instance: { "00080018": "p2.ct", "00200013": "2", "001811A0": "45" } },
      ancestors: { Series: identifiers.Series, Study: identifiers.Study, Patient: identifiers.Patient },
      metadata: { 1: "2", 8: "RestApi" },
      sopClasses: ["1.2.840.10008.5.1.4.1.1.2"],
      children: [],
      oneInstance: identifiers.Instance,
    });
    expect(instance?.attachments?.map(({ type }) => type)).toEqual([1, 1024]);
    const [series] = await catalog.find({
      level: "Series",
      publicIds: [identifiers.Series],
      include: { indexesInSeries: true, oneInstance: true, counts: true },
    });
    expect(series).toMatchObject({
      indexesInSeries: ["2"],
      oneInstance: identifiers.Instance,
      counts: { instances: 1 },
    });
  });

  it("looks identifiers up, patients first", async () => {
    const { identifiers } = sampleInstance({ patient: "p1", instance: "p1.ct", series: "p1.s1" });
    expect(await catalog.lookup("p1")).toEqual([{ level: "Patient", publicId: identifiers.Patient }]);
    expect(await catalog.lookup("P1")).toEqual([{ level: "Patient", publicId: identifiers.Patient }]);
    expect(await catalog.lookup("p1.1")).toEqual([{ level: "Study", publicId: identifiers.Study }]);
    expect(await catalog.lookup("p1.ct")).toEqual([{ level: "Instance", publicId: identifiers.Instance }]);
    expect(await catalog.lookup("nothing")).toEqual([]);
  });
});
