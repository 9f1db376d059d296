import type { OrthancParameter, OrthancRoute } from "../../tools/compatibility/orthanc-routes.ts";
import type { ComparedRequest } from "./compare.ts";
import type { CorpusInstance, CorpusResources } from "./corpus-resources.ts";
import { debianRoutes } from "./debian-routes.ts";
import { pathFor } from "./verb-requests.ts";
import { unknownId } from "./reading-requests.ts";

const absent = '"0-00000000000000000000000000000000"';

/** Metadata and attachments of every level: written, read, replaced and removed. */
export function annotationRequests({ instance, series, study, patient }: CorpusInstance): readonly ComparedRequest[] {
  return [`/instances/${instance}`, `/series/${series}`, `/studies/${study}`, `/patients/${patient}`].flatMap(
    (root) => [
      ...valueRequests(`${root}/metadata`, "1024"),
      ...valueRequests(`${root}/metadata`, "LastUpdate"),
      ...valueRequests(`${root}/metadata`, "4000"),
      ...valueRequests(`${root}/metadata`, "70000"),
      ...valueRequests(`${root}/metadata`, "NoSuchName"),
      ...valueRequests(`${root}/attachments`, "1025"),
      ...valueRequests(`${root}/attachments`, "dicom"),
      ...valueRequests(`${root}/attachments`, "NoSuchName"),
      { target: `PUT ${root}/attachments/1026`, body: Buffer.alloc(3000, "paper") },
      ...operations.map((operation) => ({ target: operation.replace(" ", ` ${root}/attachments/1026/`) })),
      { target: `GET ${root}/attachments` },
      { target: `GET ${root}/statistics` },
      { target: `DELETE ${root}/attachments/1026` },
      { target: `PUT ${root.replace(/[^/]+$/, unknownId)}/metadata/1024`, body: "x" },
      { target: `PUT ${root.replace(/[^/]+$/, unknownId)}/attachments/1024`, body: "x" },
    ],
  );
}

const operations = [
  "POST compress",
  "POST compress",
  "GET is-compressed",
  "GET data",
  "GET md5",
  "GET size",
  "POST verify-md5",
  "POST uncompress",
  "GET is-compressed",
  "GET compressed-data",
  "GET compressed-md5",
  "GET compressed-size",
];

function valueRequests(list: string, name: string): readonly ComparedRequest[] {
  const path = `${list}/${name}`;
  return [
    { target: `GET ${path}` },
    { target: `PUT ${path}`, body: "first" },
    { target: `PUT ${path}`, body: "second" },
    { target: `PUT ${path}`, body: "third", headers: { "if-match": absent } },
    { target: `GET ${path}`, headers: { "if-none-match": absent } },
    { target: `GET ${list}` },
    { target: `DELETE ${path}`, headers: { "if-match": absent } },
    { target: `DELETE ${path}`, headers: { "if-match": "x" } },
    // What Orthanc would remove in earnest is left there.
    ...(name === "dicom" ? [] : [{ target: `DELETE ${path}` }, { target: `DELETE ${path}` }]),
  ];
}

/** Routes that stop the server, run scripts, or wait for others. */
const notAsked = /^\/jobs|^\/tools\/(reset|shutdown|execute-script)$|\/(echo|find(-\w+)?|dicom-echo)$/;
const wrongBodies = ["", "no JSON", "[]", "5", '"text"', "null", "{", '{"Resources":5}', '{"Resources":["nothing"]}'];

/** All routes that take a body, with bodies that are wrong: as a whole, and in one field. */
export function wrongBodyRequests(instance: CorpusInstance): readonly ComparedRequest[] {
  const there: readonly ComparedRequest[] = [
    { target: "PUT /modalities/there", body: ["THERE", "localhost", 1] },
    { target: "PUT /peers/there", body: ["http://localhost:1/"] },
    { target: "PUT /dicom-web/servers/there", body: ["http://localhost:1/"] },
  ];
  const wrong = debianRoutes
    .filter(({ path }) => !notAsked.test(path))
    .flatMap((route) =>
      route.methods
        .filter((method) => method === "POST" || method === "PUT")
        .flatMap((method) => wrongBodiesOf(route, method, instance)),
    );
  return [...there, ...wrong];
}

function wrongBodiesOf(route: OrthancRoute, method: string, instance: CorpusInstance): readonly ComparedRequest[] {
  const fields = (route.parameters ?? []).filter((field) => field.in === "body" && (field.method ?? method) === method);
  const target = `${method} ${pathFor(route.path, instance).replace(/^(\/modalities|\/peers|\/dicom-web\/servers)\/\w+/, "$1/there")}`;
  const whole = fields.length === 0 ? wrongBodies.slice(0, 4) : wrongBodies;
  return [
    ...whole.map((body) => ({ target, body })),
    ...fields.map((field) => ({ target, body: { [field.name]: wrongValue(field) } })),
  ].map((request) => ({ ...request, onlyOutcome: true as const }));
}

/** Of another type than the field has. */
function wrongValue({ type }: OrthancParameter): unknown {
  return type === "object" ? "text" : { wrong: "type" };
}

/** Modalities, peers and DICOMweb servers: registered in all forms, read, replaced and removed. */
export function registryRequests(): readonly ComparedRequest[] {
  const modalities = [
    { AET: "THERE", Host: "localhost", Port: 104 },
    { AET: "THERE", Host: "localhost", Port: "104", Manufacturer: "Vitrea", AllowEcho: false, AllowTranscoding: false },
    ["THERE", "localhost", 104],
    ["THERE", "localhost", 104, "GE"],
    ["THERE", "localhost"],
    ["THERE", "localhost", "x"],
    { AET: "THERE", Host: "localhost" },
    { AET: "THERE", Host: "localhost", Port: 0 },
    { AET: "THERE", Host: "localhost", Port: 104, Manufacturer: "Nobody" },
    { AET: "AN APPLICATION ENTITY TITLE THAT IS TOO LONG", Host: "localhost", Port: 104 },
  ];
  const peers = [
    { Url: "http://localhost:1/" },
    { Url: "http://localhost:1", Username: "alice", Password: "secret", HttpHeaders: { A: "b" }, Extra: "x" },
    ["http://localhost:1/"],
    ["http://localhost:1/", "alice", "secret"],
    ["http://localhost:1/", "alice"],
    { URL: "http://localhost:1/" },
    { Url: "ftp://localhost/" },
    {},
  ];
  const servers = [
    { Url: "http://localhost:1/dicom-web" },
    {
      Url: "http://localhost:1/dicom-web/",
      Username: "alice",
      Password: "secret",
      HttpHeaders: { A: "b" },
      HasDelete: true,
    },
    ["http://localhost:1/dicom-web/"],
    ["http://localhost:1/dicom-web/", "alice", "secret"],
    {},
  ];
  return [
    ...modalities.flatMap((body) => entryRequests("/modalities", body, true)),
    ...peers.flatMap((body) => entryRequests("/peers", body, true)),
    ...servers.flatMap((body) => entryRequests("/dicom-web/servers", body, false)),
  ];
}

function entryRequests(list: string, body: object, isConfigured: boolean): readonly ComparedRequest[] {
  const entry = `${list}/there`;
  return [
    { target: `PUT ${entry}`, body },
    { target: `GET ${list}` },
    { target: `GET ${list}?expand` },
    { target: `GET ${entry}` },
    ...(isConfigured ? [{ target: `GET ${entry}/configuration` }] : []),
    { target: `DELETE ${entry}` },
    { target: `GET ${entry}` },
    { target: `PUT ${list}/not%20a%20name`, body },
  ];
}

/** Settings that can be read and changed. */
export function settingRequests(): readonly ComparedRequest[] {
  const levels = debianRoutes.map(({ path }) => path).filter((path) => path.startsWith("/tools/log-level"));
  return [
    ...levels.flatMap((path) => settingOf(path, ["verbose", "trace", "loud", "", "default"])),
    ...settingOf("/tools/default-encoding", ["Latin2", "Utf8", "Klingon", "", "Latin1"]),
    ...settingOf("/tools/unknown-sop-class-accepted", ["1", "0", "true", "perhaps", "false"]),
    ...settingOf("/tools/accepted-transfer-syntaxes", ['["1.2.840.10008.1.2.4.*"]', "[5]", '["nothing"]', '["*"]']),
    ...settingOf("/tools/metrics", ["0", "1", "x"]),
  ];
}

function settingOf(path: string, values: readonly string[]): readonly ComparedRequest[] {
  return values.flatMap((body) => [{ target: `PUT ${path}`, body }, { target: `GET ${path}` }]);
}

/** Protection, bulk content and reconstruction. */
export function bulkRequests({ instances, ids }: CorpusResources): readonly ComparedRequest[] {
  const some = [ids.patients[1], ids.studies[2], ids.series[3], ids.instances[4], unknownId];
  const levels = ["Patient", "Study", "Series", "Instance", "Galaxy", undefined];
  return [
    ...levels.flatMap((Level) => [
      { target: "POST /tools/bulk-content", body: { Resources: some, Level } },
      { target: "POST /tools/bulk-content", body: { Resources: some, Level, Metadata: false, Short: true } },
    ]),
    ...instances.slice(0, 8).flatMap(({ instance, series, study, patient }) => [
      ...[`/instances/${instance}`, `/series/${series}`, `/studies/${study}`, `/patients/${patient}`].map((path) => ({
        target: `POST ${path}/reconstruct`,
        body: "",
      })),
      ...["1", "true", "0", "false", "x", ""].flatMap((body) => [
        { target: `PUT /patients/${patient}/protected`, body },
        { target: `GET /patients/${patient}/protected` },
      ]),
    ]),
    { target: "POST /tools/invalidate-tags", body: "" },
    { target: "POST /tools/reconstruct", body: "" },
    { target: "GET /statistics" },
  ];
}

/** Everything is removed, one by one, from all levels. */
export function removingRequests({ ids }: CorpusResources): readonly ComparedRequest[] {
  const removals = [
    ...ids.instances.filter((_, at) => at % 3 === 0).map((id) => `/instances/${id}`),
    ...ids.series.filter((_, at) => at % 3 === 0).map((id) => `/series/${id}`),
    ...ids.studies.filter((_, at) => at % 3 === 0).map((id) => `/studies/${id}`),
    ...ids.patients.filter((_, at) => at % 3 === 0).map((id) => `/patients/${id}`),
  ];
  return [
    ...removals.flatMap((path) => [{ target: `DELETE ${path}` }, { target: "GET /statistics" }]),
    ...["patients", "studies", "series", "instances"].map((level) => ({ target: `GET /${level}` })),
    { target: "POST /tools/bulk-delete", body: { Resources: [...ids.studies.slice(0, 5), unknownId] } },
    { target: "GET /studies" },
    { target: "GET /changes?limit=1000" },
    { target: "DELETE /changes" },
    { target: "GET /changes" },
    { target: "DELETE /exports" },
  ];
}
