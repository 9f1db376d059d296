import { expect, it } from "vitest";
import { pathToRoot } from "./path-to-root.ts";

it.each(["/", "/ui", "/ui/", "/ui/app", "/ui/app/", "/ui/app/a/b.html"])("leads from %s to the root", (path) => {
  const from = new URL(`http://proxy/prefix${path}`);
  expect(new URL(`${pathToRoot({ path })}system`, from).pathname).toBe("/prefix/system");
});
