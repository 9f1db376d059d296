import type { Level } from "../catalog/catalog.ts";
import type { Dataset } from "../dicom/dataset.ts";
import { parseTag } from "../dicom/dictionary.ts";
import { moduleTags } from "../dicom/module-tags.ts";
import type { Tag } from "../dicom/tag.ts";
import { json } from "../http/reply.ts";
import type { HttpRequest, Reply, Route } from "../http/route.ts";
import type { Modality } from "../remotes/modality.ts";
import { queryIdentifier, type QueryKeys } from "../remotes/query-identifier.ts";
import { answerJson } from "../remotes/query-json.ts";
import { findAnswers, type QueryScuParts } from "../remotes/query-scu.ts";
import { ServerError } from "../util/errors.ts";
import { isObject } from "./body-fields.ts";
import { modalityFields, type ModalityParts, namedModality, readModalityJson, remoteOf } from "./modality-request.ts";

export interface FindRoutesParts extends ModalityParts {
  readonly scu: QueryScuParts;
}

const PatientID: Tag = 0x00100020;
const AccessionNumber: Tag = 0x00080050;
const StudyInstanceUID: Tag = 0x0020000d;
const SeriesInstanceUID: Tag = 0x0020000e;

const patientTags = "00100010 00100020 00100030 00100040 00101000";
const studyTags = "00080020 00080030 00080050 00080090 00081030 00100020 0020000D 00200010";
const seriesTags =
  "00080021 00080031 00080050 00080060 0008103E 00081070 00100020 00180015 00181030 0020000D 0020000E 00200011 00400254";
const instanceTags = "00080012 00080013 00080018 00080050 00100020 0020000D 0020000E 00200013";

/** What is asked of each level: the classical main DICOM tags of Orthanc. */
const askedTags: Readonly<Record<Level, readonly Tag[]>> = {
  Patient: tagsOf(patientTags),
  Study: tagsOf(studyTags),
  Series: tagsOf(seriesTags),
  Instance: tagsOf(instanceTags),
};

function tagsOf(list: string): readonly Tag[] {
  return list.split(" ").map((hex) => Number.parseInt(hex, 16));
}

/** Of each list one tag must have a value of more than two characters: nobody shall list a whole archive. */
const neededTags: Readonly<Record<Level, readonly (readonly Tag[])[]>> = {
  Patient: [],
  Study: [[AccessionNumber, PatientID]],
  Series: [[AccessionNumber, PatientID], [StudyInstanceUID]],
  Instance: [[AccessionNumber, PatientID], [StudyInstanceUID], [SeriesInstanceUID]],
};

const tag = "Networking";
const deprecated = "(deprecated: use /modalities/{id}/query)";

/** C-FIND as Orthanc had it before `/query`: the answers inline, the body is the query. */
export function modalityFindRoutes(parts: FindRoutesParts): readonly Route[] {
  const levelRoute = (name: string, level: Level): Route => ({
    method: "POST",
    path: `/modalities/{id}/find-${name}`,
    tag,
    summary: `Send a C-FIND for the level ${level} ${deprecated}`,
    handle: (request) => findLevel(parts, request, level),
  });
  return [
    levelRoute("patient", "Patient"),
    levelRoute("study", "Study"),
    levelRoute("series", "Series"),
    levelRoute("instance", "Instance"),
    {
      method: "POST",
      path: "/modalities/{id}/find",
      tag,
      summary: `Send C-FIND for patients, then for their studies, then for their series ${deprecated}`,
      handle: (request) => findHierarchy(parts, request),
    },
  ];
}

/** What Orthanc answers to a request that makes no sense here. */
const refused: Reply = { status: 400, body: "" };

async function findLevel(parts: FindRoutesParts, request: HttpRequest, level: Level): Promise<Reply> {
  const given = await givenKeys(request);
  if (given === undefined || !isSelective(level, given)) return refused;
  const find = finder(parts, namedModality(parts, request).modality);
  return json((await find(level, given)).map((answer) => answerJson(answer, "simple")));
}

async function findHierarchy(parts: FindRoutesParts, request: HttpRequest): Promise<Reply> {
  const given = await givenKeys(request);
  if (given === undefined) return refused;
  const find = finder(parts, namedModality(parts, request).modality);
  const patients = [];
  for (const patient of await find("Patient", given)) {
    const studies = [];
    for (const study of await find("Study", withValues(given, patient, [PatientID]))) {
      const series = await find("Series", withValues(given, study, [PatientID, StudyInstanceUID]));
      studies.push({ ...answerJson(study, "simple"), Series: series.map((answer) => answerJson(answer, "simple")) });
    }
    patients.push({ ...answerJson(patient, "simple"), Studies: studies });
  }
  return json(patients);
}

type Find = (level: Level, given: QueryKeys) => Promise<readonly Dataset[]>;

function finder(parts: FindRoutesParts, modality: Modality): Find {
  const remote = remoteOf(parts, modality, modalityFields({}));
  const options = { normalize: true, manufacturer: modality.Manufacturer, charset: parts.scu.defaultCharset() };
  return async (level, given) => {
    const asked = askedTags[level].map((key): [Tag, string] => [key, ""]);
    // Here the attributes of the levels above do not count, unless they identify.
    const ofLevel = [...given].filter(([key]) => askedTags[level].includes(key) || moduleTags[level].has(key));
    const keys = new Map([...asked, ...ofLevel]);
    return findAnswers(parts.scu, remote, level, queryIdentifier(keys, { level, ...options }));
  };
}

/** The keys of the body; undefined when it is no object of strings. Throws `UnknownDicomTag`. */
async function givenKeys(request: HttpRequest): Promise<QueryKeys | undefined> {
  const body = await readModalityJson(request, { empty: undefined }).catch(() => undefined);
  if (!isObject(body)) return undefined;
  const keys = new Map<Tag, string>();
  for (const [name, value] of Object.entries(body)) {
    const key = parseTag(name);
    if (key === undefined) throw new ServerError("UnknownDicomTag", `"${name}" is no DICOM tag`);
    if (typeof value !== "string") return undefined;
    keys.set(key, value);
  }
  return keys;
}

function isSelective(level: Level, keys: QueryKeys): boolean {
  return neededTags[level].every((group) => group.some((needed) => (keys.get(needed) ?? "").length > 2));
}

function withValues(given: QueryKeys, answer: Dataset, tags: readonly Tag[]): QueryKeys {
  return new Map([...given, ...tags.map((wanted): [Tag, string] => [wanted, answer.text(wanted) ?? ""])]);
}
