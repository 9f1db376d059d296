import { expect, test } from "vitest";
import { callRoute } from "../../test/call-route.ts";
import type { Route } from "../http/route.ts";
import { openApiRoutes } from "./openapi-routes.ts";

const handle = () => ({});
const routes: readonly Route[] = [
  {
    method: "GET",
    path: "/files/{name}/{path...}",
    tag: "Files",
    summary: "Read a file",
    parameters: [{ name: "short", in: "query", type: "boolean", summary: "Less of it" }],
    handle,
  },
  {
    method: "POST",
    path: "/files/{name}/{path...}",
    tag: "Files",
    summary: "Send a file",
    parameters: [{ name: "Target", in: "body", type: "string", summary: "Where to" }],
    handle,
  },
  { method: "PROPFIND", path: "/files/{name}/{path...}", tag: "Files", summary: "List", handle },
];

test("/tools/openapi describes every route that OpenAPI has a word for, itself too", async () => {
  const served = openApiRoutes(routes, { title: "Here", version: "1.0" });
  const description = (await callRoute(served, "GET /tools/openapi")).json();
  expect(description).toMatchObject({
    openapi: "3.1.0",
    info: { title: "Here", version: "1.0" },
    tags: [{ name: "Files" }, { name: "System" }],
    paths: {
      "/tools/openapi": { get: { tags: ["System"] } },
      "/files/{name}/{path}": {
        get: {
          summary: "Read a file",
          parameters: [
            { name: "name", in: "path", required: true },
            { name: "path", in: "path", required: true },
            { name: "short", in: "query", schema: { type: "boolean" } },
          ],
        },
        post: {
          requestBody: {
            content: { "application/json": { schema: { properties: { Target: { type: "string" } } } } },
          },
        },
      },
    },
  });
  expect(description).not.toHaveProperty(["paths", "/files/{name}/{path}", "propfind"]);
});
