import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../greyhaven.ts";
import { askJson } from "./ask.ts";

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
}

interface Description {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

describe("/tools/openapi of a whole server", () => {
  let server: TestServer;
  let description: Description;
  beforeAll(async () => {
    server = await startTestServer({
      DicomWeb: { Enable: true },
      Housekeeper: { Enable: true },
      ServeFolders: { "/served": "." },
      Worklists: { Enable: true, Directory: "." },
    });
    description = await askJson(server.url, "GET /tools/openapi");
  });
  afterAll(() => server.close());

  it("is valid by the schema of OpenAPI 3.1", async () => {
    const { valid, errors } = await new Validator().validate({ ...description });
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
    expect(description.openapi).toMatch(/^3\.1\./);
  });

  it("names every operation once, and its variables as its path does", () => {
    const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
      Object.values(methods).map((operation) => ({ path, ...operation })),
    );
    expect(operations.length).toBeGreaterThan(300);
    const names = operations.map(({ operationId }) => operationId);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    for (const { path, parameters } of operations) {
      const variables = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
      expect(parameters.filter((parameter) => parameter.in === "path").map(({ name }) => name)).toEqual(variables);
      const unique = new Set(parameters.map((parameter) => `${parameter.in} ${parameter.name}`));
      expect([path, unique.size]).toEqual([path, parameters.length]);
    }
  });

  it("has no two paths that mean the same", () => {
    const shapes = Object.keys(description.paths).map((path) => path.replaceAll(/\{[^}]+\}/g, "{}"));
    expect(shapes.filter((shape, at) => shapes.indexOf(shape) !== at)).toEqual([]);
  });
});
