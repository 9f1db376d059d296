import { expect, it } from "vitest";
import { makeImage } from "../phantoms/study.ts";
import { askJson } from "./ask.ts";
import { serverForTest } from "./server-for-test.ts";
import { upload } from "./upload.ts";

it("own dictionaries name and type attributes, and make them searchable by name", async () => {
  const { file } = makeImage({
    rows: 8,
    attributes: [
      [0x00110010, "LO", "ACME"],
      [0x00111001, "UN", Buffer.from("room 7")],
      [0x00121020, "DA", "20301231"],
      [0x00130010, "LO", "OTHER"],
      [0x00131002, "LO", "x"],
    ],
  });
  const { url } = await serverForTest(
    {
      Dictionary: { "0011,1001": ["LO", "AcmeRoom", 1, 1, "ACME"], "0012,1020": ["DA", "OwnDate", 1, 1] },
      ExternalDictionaries: ["other.dic"],
    },
    { files: { "other.dic": '(0013,"OTHER",02)\tLO\tOtherThing\t1\tprivate\n' } },
  );
  const { ID } = await upload(url, file);
  expect(await askJson(url, `GET /instances/${ID}/tags?simplify`)).toMatchObject({
    OwnDate: "20301231",
    AcmeRoom: "room 7",
    OtherThing: "x",
  });
  const byName = { Level: "Instance", Query: { OwnDate: "20300101-" } };
  expect(await askJson(url, "POST /tools/find", { body: byName })).toEqual([ID]);
});
