/** `${NAME}`, `${NAME:-default}`, and as Orthanc has it the default also between quotes: `${NAME:-'…'}`. */
const variable = /\$\{([^{}:]*)(?::-(?:'([^']*)'|"([^"]*)"|([^{}]*)))?\}/g;

/**
 * The text of a configuration file without its comments (blanks in their place, so that lines stay) and with the
 * environment's values for its variables. `missing` names those that are not set and have no default: nothing stands for them.
 */
export function expandVariables(
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): { readonly text: string; readonly missing: readonly string[] } {
  const missing = new Set<string>();
  const expanded = withoutComments(text).replaceAll(variable, (_whole, name: string, ...defaults: unknown[]) => {
    const fallback = defaults.slice(0, 3).find((value) => typeof value === "string");
    if (environment[name] === undefined && fallback === undefined) missing.add(name);
    return environment[name] ?? fallback ?? "";
  });
  return { text: expanded, missing: [...missing] };
}

const stringOrComment = /"(?:[^"\\\n]|\\.)*"|\/\/.*|\/\*[^]*?\*\//g;

/** jsonc-parser's own `stripComments` doubles a line break before a comment, and so shifts the lines of messages. */
function withoutComments(text: string): string {
  return text.replaceAll(stringOrComment, (found) =>
    found.startsWith("/") ? found.replaceAll(/[^\r\n]/g, " ") : found,
  );
}
