import { type Catalog, type Change, type ChangesRequest, type ChangeType, changeTypes } from "../catalog/catalog.ts";
import { flag, lastValue } from "../http/query.ts";
import { empty, json } from "../http/reply.ts";
import type { Route } from "../http/route.ts";
import { ServerError } from "../util/errors.ts";
import { lenientNumber } from "./lenient-number.ts";
import { resourcePath } from "./levels.ts";

const defaultLimit = 100;

/** `/changes`: what has happened to resources, oldest first, in pages. */
export function changesRoutes(parts: { readonly catalog: Catalog }): readonly Route[] {
  const { catalog } = parts;
  return [
    {
      method: "GET",
      path: "/changes",
      tag: "System",
      summary: "A page of the log of changes",
      parameters: [
        { name: "since", in: "query", type: "number", summary: "Changes after this Seq" },
        { name: "to", in: "query", type: "number", summary: "Changes up to this Seq; alone: the last ones before it" },
        { name: "limit", in: "query", type: "number", summary: "Changes in the page (100)" },
        { name: "type", in: "query", type: "string", summary: "Only these kinds, joined by semicolons" },
        { name: "last", in: "query", type: "boolean", summary: "Only the latest change" },
      ],
      async handle({ query }) {
        const onlyLast = flag(query, "last");
        const request = onlyLast ? { to: Number.MAX_SAFE_INTEGER, limit: 1 } : parseChangesRequest(query);
        const { changes, done, last } = await catalog.changes(request);
        const [first] = changes;
        return json({
          Changes: changes.map(changeJson),
          Done: done || onlyLast,
          ...(first === undefined ? {} : { First: first.seq }),
          Last: last,
        });
      },
    },
    {
      method: "DELETE",
      path: "/changes",
      tag: "System",
      summary: "Clear the log of changes",
      writes: true,
      async handle() {
        await catalog.deleteChanges();
        return empty();
      },
    },
  ];
}

const numbers = ["since", "to", "limit"];

/** The page that a query asks for; where a number cannot be read, all of them count as absent, as in Orthanc. */
export function parseChangesRequest(asked: URLSearchParams): ChangesRequest {
  const isReadable = numbers.every((name) => !asked.has(name) || lenientNumber(asked, name) !== undefined);
  const query = isReadable ? asked : new URLSearchParams([...asked].filter(([name]) => !numbers.includes(name)));
  const to = lenientNumber(query, "to");
  const since = lenientNumber(query, "since") ?? (to === undefined ? 0 : undefined);
  const types = parseChangeTypes(lastValue(query, "type"));
  return {
    limit: lenientNumber(query, "limit") ?? defaultLimit,
    ...(since === undefined ? {} : { since }),
    ...(to === undefined ? {} : { to }),
    ...(types === undefined ? {} : { types }),
  };
}

function parseChangeTypes(text: string | undefined): readonly ChangeType[] | undefined {
  if (text === undefined || text === "" || text === "all" || text === "All") return undefined;
  return text.split(";").map((name) => {
    if (isChangeType(name)) return name;
    throw new ServerError("ParameterOutOfRange", `"${name}" is no kind of change`);
  });
}

function isChangeType(name: string): name is ChangeType {
  return Object.hasOwn(changeTypes, name);
}

function changeJson(change: Change): Record<string, unknown> {
  return {
    ChangeType: change.type,
    Date: change.date,
    ID: change.publicId,
    Path: resourcePath(change),
    ResourceType: change.level,
    Seq: change.seq,
  };
}
