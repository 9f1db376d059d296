import type { Node } from "jsonc-parser";

/** Where a value was written. */
export interface Place {
  /** `greyhaven.json:12`, or the environment variable. */
  readonly text: string;
  /** Folder that relative paths written here start from. */
  readonly folder: string;
}

/** A JSON value that remembers where it was written. */
export interface Located {
  readonly place: Place;
  readonly value: unknown;
  /** Members of an object; undefined for every other value. */
  readonly members?: ReadonlyMap<string, Located>;
  /** The text of an environment variable, which may also be meant as a plain string. */
  readonly variableText?: string;
}

/** The value at a node of jsonc-parser's tree, with its places. Of a key that is written twice the last one counts, as in Orthanc. */
export function locatedValue(node: Node, placeOf: (offset: number) => Place): Located {
  const place = placeOf(node.offset);
  if (node.type !== "object") return { place, value: plainValue(node) };
  return locatedObject(place, new Map(properties(node).map(([key, inner]) => [key, locatedValue(inner, placeOf)])));
}

/** Unlike jsonc-parser's own, with objects that have the usual prototype. */
function plainValue(node: Node): unknown {
  if (node.type === "array") return (node.children ?? []).map(plainValue);
  if (node.type === "object")
    return Object.fromEntries(properties(node).map(([key, inner]) => [key, plainValue(inner)]));
  return node.value;
}

/** Keys and value nodes of an object's node, as written. */
export function properties(node: Node): (readonly [string, Node])[] {
  return (node.children ?? []).flatMap(({ children }) => {
    const [key, value] = children ?? [];
    return key !== undefined && value !== undefined ? [[String(key.value), value] as const] : [];
  });
}

/** An object made of located members. */
export function locatedObject(place: Place, members: ReadonlyMap<string, Located>): Located {
  const value = Object.fromEntries(Array.from(members, ([key, member]) => [key, member.value]));
  return { place, value, members };
}

/** The same tree with `member` at `path`; objects on the way are made where they are missing. */
export function withMember(root: Located, path: readonly string[], member: Located): Located {
  const [key, ...rest] = path;
  if (key === undefined) return member;
  const inner = root.members?.get(key) ?? locatedObject(member.place, new Map());
  return locatedObject(root.place, new Map([...(root.members ?? []), [key, withMember(inner, rest, member)]]));
}
