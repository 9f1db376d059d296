import { Random } from "../dimse/random.ts";
import type { ComparedRequest } from "./compare.ts";
import type { CorpusInstance, CorpusResources, StoredTag } from "./corpus-resources.ts";
import { type CorpusFile, spread } from "./corpus-samples.ts";

/** Where an instance is, by UIDs. */
interface Uids {
  readonly study: string;
  readonly series: string;
  readonly instance: string;
}

function uidsOf({ tags }: CorpusInstance): Uids {
  const [study = "", series = "", instance = ""] = ["0020,000d", "0020,000e", "0008,0018"].map((tag) =>
    textOf(tags[tag]),
  );
  return { study, series, instance };
}

const textOf = (tag: StoredTag | undefined): string => (tag?.Type === "String" ? String(tag.Value) : "");

const asStored = { accept: 'multipart/related; type="application/dicom"; transfer-syntax=*' };
const accepts = ["application/json", "application/dicom+json", "application/dicom+xml", "text/plain", "*/*"];

/** QIDO-RS at all levels, by the values that instances have. */
export function qidoRequests({ instances }: CorpusResources): readonly ComparedRequest[] {
  const random = new Random(3);
  const lists = ["studies", "series", "instances"];
  const plain = lists.flatMap((list) =>
    [
      "",
      "?limit=3",
      "?limit=3&offset=2",
      "?offset=5",
      "?limit=x",
      "?fuzzymatching=true",
      "?includefield=all",
      "?includefield=00081030,00100030",
    ].map((query) => `/dicom-web/${list}${query}`),
  );
  const searches = spread(instances, 21).flatMap((instance) => {
    const { study, series } = uidsOf(instance);
    const named = Object.entries(instance.tags).filter(([tag, row]) => searchable.test(tag) && textOf(row) !== "");
    const [tag, row] = named[random.below(named.length)] ?? ["0010,0020", undefined];
    const value = encodeURIComponent(textOf(row).replaceAll("\\", ","));
    return [
      `/dicom-web/studies?${tag.replace(",", "")}=${value}`,
      `/dicom-web/series?${row?.Name ?? "Modality"}=${value}`,
      `/dicom-web/studies/${study}/series`,
      `/dicom-web/studies/${study}/instances?includefield=NumberOfFrames`,
      `/dicom-web/studies/${study}/series/${series}/instances`,
      `/dicom-web/studies?StudyInstanceUID=${study}`,
    ];
  });
  const absent = ["studies/1.2.3/series", "studies/1.2.3/instances", "studies/1.2.3/series/1.2.3/instances"];
  const paths = [...plain, ...searches, ...absent.map((path) => `/dicom-web/${path}`)];
  // The order of the answers, and so what is on a page, is unspecified.
  return paths.map((path) =>
    /limit|offset/.test(path) ? { target: `GET ${path}`, onlyOutcome: true } : { target: `GET ${path}` },
  );
}

/** Attributes that both servers keep in their index. */
const searchable = /^(0010,00[1-4]0|0008,00(20|30|50|60|90)|0008,1030|0020,001[0-3]|0008,0070|0008,103e)$/;

/** WADO-RS and WADO-URI of every instance, metadata of all levels, and what leads nowhere. */
export function wadoRequests({ instances }: CorpusResources): readonly ComparedRequest[] {
  const random = new Random(4);
  const ofInstances = spread(instances, 42).flatMap((row) => {
    const { study, series, instance } = uidsOf(row);
    const path = `/dicom-web/studies/${study}/series/${series}/instances/${instance}`;
    const accept = random.pick(accepts as [string, ...string[]]);
    return [
      { target: `GET ${path}/metadata` },
      { target: `GET /dicom-web/studies/${study}/series/${series}/metadata` },
      { target: `GET ${path}/metadata`, headers: { accept }, onlyOutcome: true as const },
      { target: `GET ${path}`, headers: asStored },
      { target: `GET /wado?requestType=WADO&objectUID=${instance}&contentType=application/dicom` },
      { target: `GET /wado?requestType=WADO&objectUID=${instance}&studyUID=1.2.3&contentType=application/dicom` },
      ...bulkPaths(row.tags).map((bulk) => ({ target: `GET ${path}/bulk/${bulk}` })),
      ...["frames/0", "frames/x", "frames/1000000", "bulk/x", "bulk/00081140/1", "bulk/00189999"].map((end) => ({
        target: `GET ${path}/${end}`,
      })),
    ];
  });
  const nowhere = [
    "",
    "/metadata",
    "/series/1.2.3",
    "/series/1.2.3/metadata",
    "/series/1.2.3/instances/1.2.3",
    "/rendered",
  ];
  return [
    ...ofInstances,
    ...nowhere.map((end) => ({ target: `GET /dicom-web/studies/1.2.3${end}` })),
    ...["", "?requestType=WADO", "?requestType=WADO&objectUID=1.2.3", "?requestType=other&objectUID=1.2.3"].map(
      (query) => ({ target: `GET /wado${query}` }),
    ),
  ];
}

/** A few attributes of the dataset, and of the first item of its sequences. */
function bulkPaths(tags: Readonly<Record<string, StoredTag>>): readonly string[] {
  const plain = Object.keys(tags)
    .filter((tag) => tags[tag]?.Type === "String")
    .slice(0, 4);
  const sequences = Object.entries(tags).filter(
    ([, { Type, Value }]) => Type === "Sequence" && Array.isArray(Value) && Value.length > 0,
  );
  const nested = sequences.slice(0, 2).flatMap(([tag, { Value }]) => {
    const [item] = Value as readonly Readonly<Record<string, StoredTag>>[];
    return Object.keys(item ?? {})
      .slice(0, 2)
      .map((inner) => `${tag}/1/${inner}`);
  });
  return [...plain, ...nested].map((path) => path.replaceAll(",", ""));
}

const related = { "content-type": 'multipart/related; type="application/dicom"; boundary=x' };

/** STOW-RS of each file, to its study and to another, and of what is no DICOM. */
export function stowRequests(files: readonly CorpusFile[]): readonly ComparedRequest[] {
  const stow = (path: string, parts: readonly Buffer[], headers = related): ComparedRequest => ({
    target: `POST /dicom-web/studies${path}`,
    headers,
    body: multipart(parts),
  });
  const bodies = files.map(({ read }) => read());
  const noise = Buffer.from("no DICOM");
  return [
    ...bodies.map((body) => stow("", [body])),
    ...bodies.slice(0, 10).map((body) => stow("/1.2.3", [body])),
    stow("", bodies.slice(0, 5)),
    stow("", []),
    stow("", [noise]),
    stow("", [noise, ...bodies.slice(0, 2)]),
    stow("", bodies.slice(0, 1), { "content-type": "application/dicom" }),
    stow("", bodies.slice(0, 1), { "content-type": "multipart/related; type=application/json; boundary=x" }),
    { target: "POST /dicom-web/studies", headers: related, body: "--y\r\n\r\n--y--" },
  ];
}

function multipart(parts: readonly Buffer[]): Buffer {
  const written = parts.flatMap((part) => [
    Buffer.from("--x\r\nContent-Type: application/dicom\r\n\r\n"),
    part,
    Buffer.from("\r\n"),
  ]);
  return Buffer.concat([...written, Buffer.from("--x--\r\n")]);
}
