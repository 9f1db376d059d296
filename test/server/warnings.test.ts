import { expect, it } from "vitest";
import { ask } from "./ask.ts";
import { serverForTest } from "./server-for-test.ts";
import { uploadStudy } from "./upload.ts";

it.each([
  [{}, 1],
  [{ Warnings: { W001_TagsBeingReadFromStorage: false } }, 0],
])("tags that are read from files are told of once, unless that is switched off: %j", async (configuration, lines) => {
  const { url, logged } = await serverForTest(configuration);
  await uploadStudy(url);
  for (let time = 0; time < 2; time++) {
    expect((await ask(url, "GET /studies?expand&requested-tags=PatientComments")).status).toBe(200);
  }
  expect(logged.filter((line) => line.startsWith("W001: Study: PatientComments are read from files"))).toHaveLength(
    lines,
  );
});
