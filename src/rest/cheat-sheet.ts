import type { Method, Route } from "../http/route.ts";

const methods: readonly Method[] = ["GET", "POST", "DELETE", "PUT"];

/** The REST API on one page: CSV with a line for each path, in Orthanc's columns. */
export function cheatSheet(routes: readonly Route[]): string {
  const byPath = Map.groupBy(
    routes.filter(({ method }) => methods.includes(method)),
    ({ path }) => path.replaceAll("...}", "}"),
  );
  const lines = [...byPath]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([path, rows]) => {
      const has = methods.map((method) => (rows.some((row) => row.method === method) ? method : ""));
      const summaries = new Set(rows.map(({ summary }) => summary));
      return [path, ...has, [...summaries].join("; ")].map(field).join(",");
    });
  return ["Path,GET,POST,DELETE,PUT,Summary", ...lines, ""].join("\r\n");
}

/** RFC 4180 §2 */
function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
