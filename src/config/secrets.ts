import type { OptionNode, OptionTable } from "./option.ts";
import { options } from "./options.ts";

/** Paths of all options whose values are never printed; `*` stands for a name given by the user. */
export const secretPaths: readonly (readonly string[])[] = secretsOf(options);

/** Whether the value at `path` is a secret, contains one or lies within one. */
export function isSecret(path: readonly string[]): boolean {
  return secretPaths.some((secret) =>
    secret.slice(0, path.length).every((name, index) => name === "*" || name === path[index]),
  );
}

function secretsOf(table: OptionTable): string[][] {
  return Object.entries(table).flatMap(([name, node]) => secretsUnder(node).map((rest) => [name, ...rest]));
}

function secretsUnder(node: OptionNode): string[][] {
  if (node.kind === "option") return node.secret ? [[]] : [];
  const paths = secretsOf(node.members);
  return node.kind === "entries" ? paths.map((path) => ["*", ...path]) : paths;
}
