import type { OrthancRoute } from "../../tools/compatibility/orthanc-routes.ts";
import { Random } from "../dimse/random.ts";
import type { ComparedRequest } from "./compare.ts";
import { type CorpusResources, type Level, levels } from "./corpus-resources.ts";
import { debianRoutes } from "./debian-routes.ts";

export const unknownId = "00000000-00000000-00000000-00000000-00000000";

/** What each argument of a URL is tried with; the others are in `notTried`. */
const queries: Readonly<Record<string, readonly string[]>> = {
  expand: ["expand", "expand=true"],
  full: ["full", "full=false"],
  short: ["short", "expand&short"],
  simplify: ["simplify", "simplify=0"],
  numeric: ["numeric", "expand&numeric"],
  limit: ["since=0&limit=3", "since=5&limit=2", "since=10000&limit=1", "since=x&limit=1", "since=0&limit=-1"],
  since: ["limit=3", "since=3", "since=&limit="],
  last: ["last"],
  whole: ["whole"],
  "ignore-length": ["ignore-length=PatientName", "ignore-length=0010-0010", "ignore-length=NoSuchTag"],
  "requested-tags": ["requestedTags=PatientName"],
  filename: ["filename=name.bin", "filename=a%22b%0Ac"],
  transcode: ["transcode=1.2.840.10008.1.2.1", "transcode=1.2.3"],
  "lossy-quality": ["transcode=1.2.840.10008.1.2.4.50&lossy-quality=80"],
  quality: ["quality=101", "quality=0"],
  returnUnsupportedImage: ["returnUnsupportedImage"],
  level: ["level=patient", "level=study", "level=galaxy", "level="],
  compress: ["compress=true", "compress=2"],
  rescale: ["rescale=false"],
  width: ["width=20", "width=-1", "width=x"],
  height: ["height=20&smooth=1"],
  smooth: ["smooth=x"],
  "window-center": ["window-center=x", "window-center=10&window-width=20"],
  "window-width": ["window-width=y"],
  extended: ["extended"],
  resources: [`resources=${unknownId}`],
};
/** Newer than Debian's Orthanc. */
const notTried: readonly string[] = ["response-content", "to", "type"];

/** What each header of a request is tried with. */
const headerValues: Readonly<Record<string, readonly string[]>> = {
  Accept: ["image/jpeg", "image/png", "image/gif", "image/x-portable-arbitrarymap", "application/dicom", "*/*"],
  "If-None-Match": ['"0-00000000000000000000000000000000"', "x"],
  Range: [],
};

/** Answers made of random or changing numbers, which other tests look at. */
const notComparable =
  /^\/tools\/(now|generate-uid$|metrics|dicom-conformance)|^\/plugins|^\/(jobs|queries|modalities|peers|storage-commitment)\/\{|numpy$|matlab$|\/(archive|media)$|create-(archive|media)/;

/** All GET routes: for all resources plainly, for some of them with each argument and each header. */
export function readingRequests(resources: CorpusResources): readonly ComparedRequest[] {
  const random = new Random(1);
  return debianRoutes
    .filter(
      ({ path, methods, area }) => area.startsWith("core/") && methods.includes("GET") && !notComparable.test(path),
    )
    .flatMap((route) => [...requestsOf(route, resources, random)]);
}

function* requestsOf(route: OrthancRoute, resources: CorpusResources, random: Random): Generator<ComparedRequest> {
  const level = levels.find((name) => route.path.startsWith(`/${name}/{id}`));
  const ids = level === undefined ? [] : idsFor(route, level, resources, random);
  const paths = level === undefined ? [route.path] : ids.flatMap((id) => pathsOf(route, id));
  for (const path of paths) yield { target: `GET ${path}` };
  const some = (): string => paths[random.below(paths.length)] ?? route.path;
  for (const { method = "GET", name, in: place } of route.parameters ?? []) {
    if (method !== "GET" || notTried.includes(name)) continue;
    const values = place === "query" ? queries[name] : headerValues[name];
    if (values === undefined) throw new Error(`There is nothing to try for ${name} of ${route.path}`);
    for (const value of values) {
      for (const path of [some(), some()]) {
        if (name === "transcode" || name === "lossy-quality")
          yield { target: `GET ${path}?${value}`, onlyOutcome: true };
        else if (place === "query") yield { target: `GET ${path}?${value}` };
        else yield { target: `GET ${path}`, headers: { [name.toLowerCase()]: value } };
      }
    }
  }
  if (level === undefined) return;
  for (const id of [unknownId, "nothing", `${unknownId}0`]) {
    for (const path of pathsOf(route, id)) yield { target: `GET ${path}` };
  }
  yield { target: `GET ${some().replace(/[0-9a-f]{8}-/, (start) => start.toUpperCase())}` };
  yield { target: `GET ${some()}`, headers: { accept: "application/xml" } };
}

const mostResources = 16;

/** The resources that a route is tried with: other ones for each route. A module is that of any instance, which must be the only one then. */
function idsFor({ path }: OrthancRoute, level: Level, resources: CorpusResources, random: Random): readonly string[] {
  const ids =
    path.endsWith("/module") || path.endsWith("/module-patient") ? resources.lonely[level] : resources.ids[level];
  const first = random.below(ids.length);
  return [...ids.slice(first), ...ids.slice(0, first)].slice(0, mostResources);
}

const metadata: Readonly<Record<Level, readonly string[]>> = {
  patients: ["LastUpdate"],
  studies: ["LastUpdate", "7"],
  series: ["LastUpdate", "RemoteAET", "ExpectedNumberOfInstances"],
  instances: ["TransferSyntax", "SopClassUid", "IndexInSeries", "Origin", "10", "PixelDataOffset"],
};

/** The paths of a route for one resource, with all its variables filled in. */
function pathsOf({ path }: OrthancRoute, id: string): readonly string[] {
  const whole = path.replace("{id}", id);
  if (path.includes("/metadata/{name}")) {
    const names = [...(metadata[path.split("/")[1] as Level] ?? []), "Nope", "4000"];
    return names.map((name) => whole.replace("{name}", name));
  }
  const names = path.startsWith("/instances") ? ["dicom", "1"] : ["dicom"];
  if (path.includes("{name}")) return names.map((name) => whole.replace("{name}", name));
  if (path.includes("{frame}")) return [whole.replace("{frame}", "0")];
  return [whole.replace("/{path}", "")];
}
