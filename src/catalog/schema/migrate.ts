import { ServerError } from "../../util/errors.ts";
import { integer, type Sql } from "../sql-catalog/sql.ts";
import { version1 } from "./version-1.ts";
import { version2 } from "./version-2.ts";
import { version3 } from "./version-3.ts";
import { version4 } from "./version-4.ts";

/** The statements that lead from one version of the schema to the next; the first makes version 1 of nothing. */
const migrations: readonly (readonly string[])[] = [version1, version2, version3, version4];

/** The version that this program reads and writes. */
export const schemaVersion = migrations.length;

/** Brings the catalog to `schemaVersion`; one transaction around it is the caller's. Throws when a newer program has written it. */
export function migrate(sql: Sql): void {
  const row = sql.get("PRAGMA user_version");
  const found = row === undefined ? 0 : integer(row, "user_version");
  if (found > schemaVersion)
    throw new ServerError(
      "IncompatibleDatabaseVersion",
      `the catalog has version ${found}: expected at most ${schemaVersion}; start the Greyhaven that wrote it, or a newer one`,
    );
  if (found === schemaVersion) return;
  for (const statement of migrations.slice(found).flat()) sql.run(statement);
  sql.run(`PRAGMA user_version = ${schemaVersion}`);
}
