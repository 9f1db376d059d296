import { readText } from "../http/body.ts";
import { empty, text } from "../http/reply.ts";
import type { Route } from "../http/route.ts";
import { ServerError } from "../util/errors.ts";
import { logCategories, type Logs, type Verbosity } from "../util/log.ts";

/** `/tools/log-level…`: how much is logged, in all categories or in one. */
export function logLevelRoutes(parts: { readonly logs: Logs }): readonly Route[] {
  const { logs } = parts;
  return [undefined, ...logCategories].flatMap((category) => {
    const path = category === undefined ? "/tools/log-level" : `/tools/log-level-${category}`;
    const of = category === undefined ? "the log" : `the category ${category}`;
    return [
      {
        method: "GET",
        path,
        tag: "System",
        summary: `Verbosity of ${of}: default, verbose or trace`,
        handle: () => text(logs.verbosity(category ?? "generic")),
      },
      {
        method: "PUT",
        path,
        tag: "System",
        summary: `Set the verbosity of ${of}`,
        async handle(request) {
          logs.setVerbosity(category ?? "all", parseVerbosity(await readText(request)));
          return empty();
        },
      },
    ] satisfies Route[];
  });
}

function parseVerbosity(body: string): Verbosity {
  const verbosity = body.trim();
  if (verbosity === "default" || verbosity === "verbose" || verbosity === "trace") return verbosity;
  throw new ServerError("ParameterOutOfRange", 'The body must be "default", "verbose" or "trace"');
}
