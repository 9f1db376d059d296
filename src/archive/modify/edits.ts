import { keywordOf } from "../../dicom/dictionary.ts";
import type { Tag } from "../../dicom/tag.ts";
import { ServerError } from "../../util/errors.ts";
import { keyTags } from "./modification.ts";
import type { ModificationRequest } from "./request.ts";
import { parseTagPath, type TagPath } from "./tag-path.ts";
import { parseTagPattern, type TagPattern } from "./tag-pattern.ts";

/** What a request names, read. */
export interface Edits {
  readonly removed: Named;
  readonly kept: Named;
  readonly replaced: readonly { readonly path: TagPath; readonly value: unknown }[];
}

interface Named {
  readonly paths: readonly TagPath[];
  readonly patterns: readonly TagPattern[];
}

/** Reads the paths of a request. Throws `UnknownDicomTag`, and `ParameterOutOfRange` for a path that is none. */
export function readEdits({ remove, keep, replace }: ModificationRequest): Edits {
  return {
    removed: readNames(remove),
    kept: readNames(keep),
    replaced: Object.entries(replace).map(([name, value]) => ({ path: parseTagPath(name), value })),
  };
}

/** Throws `BadRequest` where an identifier of resources is removed, or named without `Force`. */
export function checkIdentifying({ removed, kept, replaced }: Edits, force: boolean): void {
  const removedKey = keyTagIn(removed.paths);
  if (!force) {
    requireForce(removedKey, "Remove");
    requireForce(keyTagIn(kept.paths), "Keep");
    requireForce(keyTagIn(replaced.map(({ path }) => path)), "Replace");
  }
  if (removedKey === undefined) return;
  throw new ServerError("BadRequest", `"Remove": ${keywordOf(removedKey)} identifies resources and cannot be removed`);
}

function readNames(names: readonly string[]): Named {
  const paths: TagPath[] = [];
  const patterns: TagPattern[] = [];
  for (const name of names) {
    const pattern = parseTagPattern(name);
    if (pattern === undefined) paths.push(parseTagPath(name));
    else patterns.push(pattern);
  }
  return { paths, patterns };
}

const identifying: ReadonlySet<Tag> = new Set<Tag>(Object.values(keyTags));

function keyTagIn(paths: readonly TagPath[]): Tag | undefined {
  return paths.find(({ steps, tag }) => steps.length === 0 && identifying.has(tag))?.tag;
}

function requireForce(tag: Tag | undefined, field: string): void {
  if (tag === undefined) return;
  const problem = `"${field}": ${keywordOf(tag)} identifies resources, expected "Force" to be true`;
  throw new ServerError("BadRequest", problem);
}
