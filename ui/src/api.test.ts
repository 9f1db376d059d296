import { expect, it } from "vitest";
import { explain } from "./api.ts";

it.each([
  [400, '{"Message": "Bad file format", "Details": "at byte 0"}', "Bad file format: at byte 0"],
  [404, '{"Message": "Unknown resource", "Details": ""}', "Unknown resource"],
  [500, '{"Details": {"x": 1}}', "The server answered 500"],
  [502, "<html>Bad gateway</html>", "The server answered 502"],
  [401, "", "The server answered 401"],
  [400, "null", "The server answered 400"],
])("explains %i %s", (status, body, expected) => expect(explain(status, body)).toBe(expected));
