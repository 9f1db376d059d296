import type { ComparedRequest } from "./compare.ts";
import type { CorpusInstance } from "./corpus-resources.ts";
import { debianRoutes } from "./debian-routes.ts";

const verbs = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "PROPFIND"];

/** Every route with the methods that it has not. */
export function verbRequests(instance: CorpusInstance): readonly ComparedRequest[] {
  return debianRoutes.flatMap((route) => {
    const path = pathFor(route.path, instance);
    return verbs.filter((verb) => !route.methods.includes(verb)).map((verb) => ({ target: `${verb} ${path}` }));
  });
}

/** A path of the route that could be there: of the resources that the instance belongs to, of nothing else. */
export function pathFor(path: string, { instance, series, study, patient }: CorpusInstance): string {
  const id = { instances: instance, series, studies: study, patients: patient }[path.split("/")[1] ?? ""] ?? "nothing";
  return path
    .replace("{id}", id)
    .replace("{frame}", "0")
    .replace("{list}", "1")
    .replace("content/{path}", "content")
    .replace("{path}", "00100010")
    .replace("{name}", path.includes("attachments") ? "dicom" : "1024")
    .replace("{study}", "1.2.3")
    .replace("{series}", "1.2.3")
    .replace("{instance}", "1.2.3")
    .replaceAll(/\{\w+\}/g, "0");
}
