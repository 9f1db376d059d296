import type { Row } from "./exchange.ts";

/** The row that answers a path, with its variables decoded. */
export interface Match {
  readonly row: Row;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Makes a function that finds the row of a method and path; the first row that fits is taken. */
export function createRouter(rows: readonly Row[]): (method: string, path: string) => Match | undefined {
  const compiled = rows.map((row) => ({ row, pattern: compile(row.path) }));
  return (method, path) => {
    for (const { row, pattern } of compiled) {
      const found = row.method === method ? pattern.exec(path) : null;
      if (found !== null) return { row, parameters: decode(found.groups ?? {}) };
    }
    return undefined;
  };
}

function compile(path: string): RegExp {
  const source = path.replaceAll(/\{(\w+)\.\.\.\}/g, "(?<$1>.+)").replaceAll(/\{(\w+)\}/g, "(?<$1>[^/]+)");
  return new RegExp(`^${source}$`);
}

function decode(groups: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
}
