import { expect, it } from "vitest";
import { empty } from "../http/reply.ts";
import type { Method, Route } from "../http/route.ts";
import { cheatSheet } from "./cheat-sheet.ts";

function route(method: Method, path: string, summary: string): Route {
  return { method, path, tag: "", summary, handle: () => empty() };
}

it("the cheat sheet has a line for each path", () => {
  const routes = [
    route("GET", "/studies/{id}", "Describe a study"),
    route("DELETE", "/studies/{id}", "Delete a study"),
    route("GET", "/app/{path...}", 'Files, of the "interface"'),
    route("PROPFIND", "/webdav", "Not of HTTP"),
  ];
  expect(cheatSheet(routes).split("\r\n")).toEqual([
    "Path,GET,POST,DELETE,PUT,Summary",
    '/app/{path},GET,,,,"Files, of the ""interface"""',
    "/studies/{id},GET,,DELETE,,Describe a study; Delete a study",
    "",
  ]);
});
