import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { extraTags } from "../../../test/catalog/implementations.ts";
import { keep, sampleInstance } from "../../../test/catalog/sample-instance.ts";
import { schemaVersion } from "../schema/migrate.ts";
import { version1 } from "../schema/version-1.ts";
import { openConnection } from "./connection.ts";
import { openSqliteCatalog } from "./open-sqlite-catalog.ts";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "greyhaven-sqlite-"));
  file = join(folder, "greyhaven.db");
});
afterEach(() => rm(folder, { recursive: true }));

const open = (path = file) => openSqliteCatalog({ file: path, extraMainDicomTags: extraTags });

it("refuses the file of a newer program", async () => {
  const connection = openConnection(file, "write");
  connection.run(`PRAGMA user_version = ${schemaVersion + 1}`);
  connection.close();
  await expect(open()).rejects.toMatchObject({ errorName: "IncompatibleDatabaseVersion" });
});

it("brings the file of an older program up to date, with what is in it", async () => {
  const connection = openConnection(file, "write");
  for (const statement of version1) connection.run(statement);
  connection.run("PRAGMA user_version = 1");
  connection.run("INSERT INTO properties VALUES ('jobs', 'kept')");
  connection.run(
    "INSERT INTO attachments (level, resource, type, uuid, uncompressedSize, compressedSize, uncompressedMD5, compressedMD5, compression, revision) " +
      "VALUES (1, 1, 1024, 'u', 3, 3, '900150983cd24fb0d6963f7d28e17f72', '900150983cd24fb0d6963f7d28e17f72', 1, 0)",
  );
  connection.run(
    "INSERT INTO patients (id, publicId, isStable, isProtected, recyclingOrder, studies, series, instances, compressedSize, uncompressedSize, " +
      "dicomCompressedSize, dicomUncompressedSize, lastUpdate) VALUES (1, 'p', 1, 0, 1, 0, 0, 0, 3, 3, 0, 0, '20261128T000000')",
  );
  connection.close();
  const catalog = await open();
  expect(await catalog.attachments("p", "Patient")).toMatchObject([
    { type: 1024, uncompressedChecksum: "900150983cd24fb0d6963f7d28e17f72" },
  ]);
  await catalog.setKeyValue("store", "key", "value");
  expect([await catalog.property("jobs"), await catalog.keyValue("store", "key")]).toEqual(["kept", "value"]);
  await catalog.close();
});

it("names a file that it cannot open", async () => {
  await expect(open(join(folder, "missing", "greyhaven.db"))).rejects.toMatchObject({ errorName: "SQLiteCannotOpen" });
  await writeFile(file, "this is no database, but it is long enough to look at");
  await expect(open()).rejects.toMatchObject({ errorName: "SQLiteCannotOpen" });
});

it("flushes each commit", () => {
  const connection = openConnection(file, "write");
  expect(connection.get("PRAGMA synchronous")).toEqual({ synchronous: 2 });
  expect(connection.get("PRAGMA journal_mode")).toEqual({ journal_mode: "wal" });
  connection.close();
});

it("has committed what it acknowledges", async () => {
  const catalog = await open();
  const instances = Array.from({ length: 30 }, (_, at) => sampleInstance({ instance: String(at) }));
  const other = openConnection(file, "read");
  await Promise.all(
    instances.map(async (instance) => {
      await catalog.storeInstance(instance, keep);
      expect(other.get("SELECT 1 AS found FROM instances WHERE publicId = ?", instance.identifiers.Instance)).toEqual({
        found: 1,
      });
    }),
  );
  other.close();
  await catalog.close();
});

it("finishes what was asked before it closes, and refuses what comes after", async () => {
  const catalog = await open();
  const stored = catalog.storeInstance(sampleInstance({ instance: "a" }), keep);
  await Promise.all([catalog.close(), expect(stored).resolves.toMatchObject({ status: "Success" })]);
  await expect(catalog.statistics()).rejects.toMatchObject({ errorName: "Database" });
});

it("brings the errors of its threads over, name and details included", async () => {
  const catalog = await open();
  const constraints = [{ tag: 0x00180050, caseSensitive: false, match: "equal", value: "1" }] as const;
  await expect(catalog.find({ level: "Study", constraints, include: {} })).rejects.toMatchObject({
    errorName: "ParameterOutOfRange",
    details: expect.stringContaining("0018,0050"),
  });
  await catalog.close();
});
