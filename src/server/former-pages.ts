import { tagByKeyword } from "../dicom/dictionary.ts";
import { pathToRoot } from "../http/path-to-root.ts";
import { notFound, redirect } from "../http/reply.ts";
import type { HttpRequest, Reply, Route } from "../http/route.ts";

const tag = "Web interface";

export interface FormerPages {
  /** `OrthancExplorer2.Root`, with a slash at both ends; undefined: its addresses lead nowhere. */
  readonly explorer2: string | undefined;
  /** `DicomWeb.Root`, with a slash at both ends; undefined without DICOMweb. */
  readonly dicomWeb: string | undefined;
}

/** The addresses of Orthanc Explorer 2 and of the DICOMweb client, as users have them in bookmarks: they lead to the web interface. */
export function formerPagesRoutes({ explorer2, dicomWeb }: FormerPages): readonly Route[] {
  return [
    ...(explorer2 === undefined ? [] : explorer2Routes(explorer2)),
    ...(dicomWeb === undefined ? [] : clientRoutes(dicomWeb)),
  ];
}

function explorer2Routes(root: string): readonly Route[] {
  // Below / these are the addresses of the interface itself.
  if (root === "/") return [];
  const summary = "Leads from Orthanc Explorer 2 to the web interface";
  const rows: readonly (readonly [path: string, handle: Route["handle"]])[] = [
    [root.slice(0, -1), toPage],
    [`${root}app/{path...}`, toPage],
    [`${root}app/favicon.ico`, (request) => redirect(`${pathToRoot(request)}app/favicon.svg`)],
    // What these pages were made of.
    [`${root}app/assets/{path...}`, notFound],
    [`${root}app/customizable/{path...}`, notFound],
  ];
  return rows.map(([path, handle]) => ({ method: "GET", path, tag, summary, handle }));
}

function clientRoutes(root: string): readonly Route[] {
  const summary = "Leads from Orthanc's DICOMweb client to the web interface";
  return [
    {
      method: "GET",
      path: `${root}app/client/{path...}`,
      tag,
      summary,
      handle: (request) => redirect(`${pathToRoot(request)}app/#/cloud`),
    },
  ];
}

/** Attributes that were searched for are searched for again. A fragment of the former address stays, unless this one has its own. */
function toPage(request: HttpRequest): Reply {
  const attributes = [...request.query].filter(([name]) => tagByKeyword(name) !== undefined);
  const search = new URLSearchParams(attributes).toString();
  return redirect(`${pathToRoot(request)}app/${search === "" ? "" : `#/?${search}`}`);
}
