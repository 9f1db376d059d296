import { type Answer, ask, type AskOptions } from "../server/ask.ts";

/** A request, and what one of the servers answered. */
export interface Step {
  /** `METHOD /path body`. */
  readonly name: string;
  readonly target: string;
  readonly answer: Answer;
}

export interface ScenarioServer {
  readonly url: string;
  /** Its own title. */
  readonly title: string;
}

/** What the requests are about: a study that the query/retrieve server holds, and files. */
export interface ScenarioData {
  readonly studyInstanceUID: string;
  readonly seriesInstanceUID: string;
  readonly patientID: string;
  /** Uploaded to the server before: Orthanc's identifiers. */
  readonly instances: readonly string[];
  readonly study: string;
  readonly file: Uint8Array;
}

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

function withoutIdentifiers(text: string, title: string): string {
  return text
    .replaceAll(uuid, "…")
    .replaceAll(/2\.25\.\d+/g, "2.25.…")
    .replaceAll(title, "OWN");
}

const unknown = "00000000-00000000-00000000-00000000-00000000";

/**
 * Sends the requests of a session to a server whose modalities are `qr`, `store`, `wl`, `bad` (nobody listens) and `peer` (an Orthanc), one
 * after the other, and gives the answers without what must differ: identifiers, titles.
 */
export async function runScenario(server: ScenarioServer, data: ScenarioData): Promise<readonly Step[]> {
  const steps: Step[] = [];
  const send = async (target: string, body?: AskOptions["body"]): Promise<Answer> => {
    const answer = await ask(server.url, target, body === undefined ? {} : { body });
    const text = (): string => withoutIdentifiers(answer.text(), server.title);
    const shown =
      body instanceof Uint8Array ? `${body.length} bytes` : typeof body === "string" ? body : JSON.stringify(body);
    const name = withoutIdentifiers(`${target} ${shown ?? ""}`, server.title).trim();
    steps.push({ name, target, answer: { ...answer, text } });
    return answer;
  };
  const session: Session = { send, data };
  await definitions(session);
  await echoes(session);
  await queries(session);
  await deprecatedFinds(session);
  await worklists(session);
  await retrievals(session);
  await stores(session);
  await commitments(session, steps);
  return steps;
}

interface Session {
  readonly send: (target: string, body?: AskOptions["body"]) => Promise<Answer>;
  readonly data: ScenarioData;
}

async function definitions({ send }: Session): Promise<void> {
  const definition = { AET: "X", Host: "h", Port: 104 };
  for (const body of [
    ["X", "h", 104],
    ["X", "h", "104", "GE"],
    ["X", "h"],
    ["X", "h", 99_999],
    "no JSON",
    { AET: "X" },
    { ...definition, Port: "x" },
    { ...definition, Manufacturer: "Foo" },
    { ...definition, AllowEcho: 5 },
    { ...definition, Manufacturer: "AgfaImpax", AllowStorageCommitment: false, Timeout: 4, LocalAet: "ME", Other: 1 },
    { ...definition, Manufacturer: "Vitrea", AllowNAction: false, UseDicomTls: true, AllowTranscoding: false },
  ]) {
    await send("PUT /modalities/new", body);
    await send("GET /modalities/new/configuration");
  }
  await send("PUT /modalities/ne.w", definition);
  await send("GET /modalities/new");
  await send("GET /modalities");
  await send("DELETE /modalities/new");
  await send("DELETE /modalities/new");
  for (const rest of ["", "/configuration", "/nope"]) await send(`GET /modalities/nope${rest}`);
  await send("PUT /modalities/nope/echo", {});
}

async function echoes({ send }: Session): Promise<void> {
  for (const body of ["", {}, [], "no JSON", { CheckFind: true }, { Timeout: "x" }, { Timeout: 3 }, { CheckFind: 5 }]) {
    await send("POST /modalities/qr/echo", body);
  }
  await send("POST /modalities/bad/echo", {});
  await send("POST /modalities/nope/echo", {});
  await send("POST /modalities/store/echo", { CheckFind: true });
  await send("POST /tools/dicom-echo", {});
  await send("POST /tools/dicom-echo", "");
  await send("POST /tools/dicom-echo", { AET: "X", Host: "localhost", Port: 1, LocalAet: "Y", Timeout: 2 });
  const { AET, Host, Port } = (await send("GET /modalities/qr/configuration")).json() as Record<string, unknown>;
  await send("POST /tools/dicom-echo", { AET, Host, Port });
}

async function queries({ send, data }: Session): Promise<void> {
  const { patientID: PatientID, studyInstanceUID: StudyInstanceUID } = data;
  for (const body of [
    { Level: "Foo" },
    { Query: {} },
    "no JSON",
    "",
    { Level: "Study", Query: { NoSuch: "" } },
    { Level: "Study", Query: { PatientID: 5 } },
    { Level: "Study", Query: [] },
    { Level: "Study", Query: { RequestAttributesSequence: [] } },
    { Level: "Study", Timeout: "x" },
    { Level: "Study", Query: { StudyDate: "20000101-20991231", PatientName: "*", Modality: "CT" }, Timeout: 5 },
    { Level: "study", Query: { PatientID, StudyDescription: "", ModalitiesInStudy: "" }, LocalAet: "OTHER" },
    { Level: "Series", Query: { StudyInstanceUID, SeriesDescription: "", Modality: "" }, Normalize: true },
    { Level: "Instance", Query: { StudyInstanceUID, InstanceNumber: "" } },
    { Level: "Patient", Query: { PatientID, PatientName: "" } },
    { Level: "Study", Query: { PatientID: "nobody" } },
    { Level: "Study", Query: { PatientName: "Jérôme", SpecificCharacterSet: "ISO_IR 192" }, Normalize: false },
  ]) {
    const answer = await send("POST /modalities/qr/query", body);
    if (answer.status === 200) await walkQuery(send, idOf(answer));
  }
  for (const name of ["nope", "bad", "store"]) await send(`POST /modalities/${name}/query`, { Level: "Study" });
  await send("GET /queries/nope");
  await send("GET /queries/nope/answers/0/content");
  await send("DELETE /queries/nope");
  await send("POST /queries/nope/retrieve", {});
  await queriesBelow({ send, data });
}

async function walkQuery(send: Session["send"], id: string): Promise<void> {
  const query = `/queries/${id}`;
  for (const rest of ["", "/level", "/modality", "/query", "/query?simplify", "/query?short", "/nope"]) {
    await send(`GET ${query}${rest}`);
  }
  for (const rest of ["", "?expand", "?expand&simplify", "?expand&short", "/0", "/0/content", "/0/content?short"]) {
    await send(`GET ${query}/answers${rest}`);
  }
  for (const rest of ["/0/nope", "/99", "/99/content", "/x/content", "/0/retrieve"])
    await send(`GET ${query}/answers${rest}`);
}

async function queriesBelow({ send, data }: Session): Promise<void> {
  const levels = ["Patient", "Study", "Series"];
  for (const Level of levels) {
    const parent = idOf(await send("POST /modalities/qr/query", { Level, Query: { PatientID: data.patientID } }));
    for (const name of ["query-studies", "query-series", "query-instances"]) {
      const answer = await send(`POST /queries/${parent}/answers/0/${name}`, {
        Query: { PatientName: "", PatientID: "X" },
      });
      if (answer.status !== 200) continue;
      await send(`GET /queries/${idOf(answer)}/query?simplify`);
      await send(`GET /queries/${idOf(answer)}/level`);
      await send(`GET /queries/${idOf(answer)}/answers`);
    }
    for (const body of ["", { Query: { Nope: "" } }])
      await send(`POST /queries/${parent}/answers/0/query-instances`, body);
    await send(`POST /queries/${parent}/answers/77/query-instances`, {});
    await send(`DELETE /queries/${parent}`);
    await send(`GET /queries/${parent}`);
  }
}

async function deprecatedFinds({ send, data }: Session): Promise<void> {
  const PatientID = data.patientID;
  const { studyInstanceUID: StudyInstanceUID, seriesInstanceUID: SeriesInstanceUID } = data;
  for (const level of ["patient", "study", "series", "instance"]) {
    const path = `POST /modalities/qr/find-${level}`;
    for (const body of [
      { PatientID, StudyInstanceUID, SeriesInstanceUID },
      {},
      { Nope: "" },
      { PatientID: 5 },
      "",
      [],
    ]) {
      // Without keys this lists everybody, in an order that nobody promises.
      if (level !== "patient" || JSON.stringify(body) !== "{}") await send(path, body);
    }
  }
  await send("POST /modalities/qr/find", { PatientID, StudyDate: "20000101-" });
  await send("POST /modalities/bad/find", { PatientID });
}

async function worklists({ send }: Session): Promise<void> {
  const Query = { PatientID: "", PatientName: "", ScheduledProcedureStepSequence: [{ Modality: "" }] };
  for (const body of [
    Query,
    { Query },
    { Query, Full: true },
    { Query, Short: true },
    { Query: { ...Query, PatientID: "nobody" } },
    { Query: { Nope: "" } },
    { Query: [] },
    "",
  ]) {
    await send("POST /modalities/wl/find-worklist", body);
  }
  for (const name of ["store", "qr", "bad", "nope"]) await send(`POST /modalities/${name}/find-worklist`, { Query });
}

async function retrievals({ send, data }: Session): Promise<void> {
  const { studyInstanceUID: StudyInstanceUID, seriesInstanceUID: SeriesInstanceUID, patientID: PatientID } = data;
  const TargetAet = "SINK";
  for (const body of [
    { Level: "Study", Resources: [{ StudyInstanceUID }], TargetAet },
    { Level: "Series", Resources: [{ SeriesInstanceUID, StudyInstanceUID }], TargetAet },
    { Level: "Series", Resources: [{ SeriesInstanceUID }], TargetAet },
    { Level: "Study", Resources: [{ StudyInstanceUID: "1.2.3" }], TargetAet },
    { Level: "Study", Resources: [{ StudyInstanceUID }], TargetAet: "NOBODY" },
    { Level: "Study", Resources: [{ StudyInstanceUID: 5 }], TargetAet },
    { Level: "Study", Resources: [{ Nope: "5" }], TargetAet },
    { Level: "Study", Resources: ["x"], TargetAet },
    { Level: "Study", Resources: [], TargetAet },
    { Level: "Study", Resources: {} },
    { Level: "Foo", Resources: [] },
    { Level: "Study" },
    { Resources: [] },
    "",
  ]) {
    await send("POST /modalities/qr/move", body);
  }
  for (const name of ["store", "bad"]) {
    await send(`POST /modalities/${name}/move`, { Level: "Study", Resources: [{ StudyInstanceUID }] });
  }
  await send("POST /modalities/nope/move", { Level: "Study", Resources: [{ StudyInstanceUID }] });
  const query = idOf(await send("POST /modalities/qr/query", { Level: "Series", Query: { PatientID } }));
  for (const body of [
    TargetAet,
    { TargetAet },
    { TargetAet, Simplify: true },
    { TargetAet, Full: true, Timeout: 9 },
    { TargetAet, Asynchronous: true },
    "NOBODY",
    { TargetAet, Timeout: "x" },
  ]) {
    await send(`POST /queries/${query}/answers/0/retrieve`, body);
  }
  await send(`POST /queries/${query}/answers/99/retrieve`, TargetAet);
  await send(`POST /queries/${query}/retrieve`, { TargetAet, Synchronous: true });
}

async function stores({ send, data }: Session): Promise<void> {
  const [first = "", second = ""] = data.instances;
  const path = "POST /modalities/store/store";
  for (const body of [
    first,
    JSON.stringify(first),
    [first, second],
    [],
    { Resources: [data.study, first] },
    { Resources: [first], LocalAet: "ME" },
    { Resources: [first], MoveOriginatorAet: "ORIGIN", MoveOriginatorID: 42, Timeout: 3 },
    { Resources: [first], MoveOriginatorAet: "ORIGIN" },
    { Resources: [first], MoveOriginatorID: 7 },
    { Resources: [first], MoveOriginatorID: 70_000 },
    { Resources: [first], Asynchronous: true, UserData: { a: 1 } },
    { Resources: [first], Timeout: "x" },
    { Resources: [first], StorageCommitment: "x" },
    { Resources: [unknown] },
    { Resources: ["x"] },
    { Resources: [5] },
    { Resources: "x" },
    {},
    "",
    "garbage",
    "5",
  ]) {
    await send(path, body);
  }
  await send("POST /modalities/bad/store", [first]);
  await send("POST /modalities/nope/store", [first]);
  await send("POST /modalities/store/store-straight", data.file);
  await send("POST /modalities/store/store-straight", "no DICOM file");
  await send("POST /modalities/bad/store-straight", data.file);
  await send("POST /modalities/nope/store-straight", data.file);
}

async function commitments({ send, data }: Session, steps: Step[]): Promise<void> {
  const path = "POST /modalities/peer/storage-commitment";
  const DicomInstances = [
    ["1.2.840.10008.5.1.4.1.1.7", "1.2.3"],
    { SOPClassUID: "1.2.840.10008.5.1.4.1.1.7", SOPInstanceUID: "1.2.4" },
  ];
  for (const body of [
    { Resources: data.instances },
    { DicomInstances },
    { Resources: [], DicomInstances: [] },
    {},
    [],
    "",
    { Resources: [unknown] },
    { DicomInstances: [["a"]] },
    { DicomInstances: "x" },
  ]) {
    const answer = await send(path, body);
    if (answer.status === 200) await awaitReport(send, steps, idOf(answer));
  }
  for (const name of ["store", "bad", "nope"]) {
    await send(`POST /modalities/${name}/storage-commitment`, { Resources: data.instances });
  }
  await send("GET /storage-commitment/nope");
  await send("POST /storage-commitment/nope/remove", "");
}

/** Asks for the report until it is there; only the last answer counts. */
async function awaitReport(send: Session["send"], steps: Step[], id: string): Promise<void> {
  for (;;) {
    const report = await send(`GET /storage-commitment/${id}`);
    const isPending = report.text().includes("Pending");
    if (!isPending) break;
    steps.pop();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await send(`POST /storage-commitment/${id}/remove`, "");
}

function idOf(answer: Answer): string {
  const { ID } = answer.json() as { readonly ID: string };
  return ID;
}
