/** A place in the tree of WebDAV. `modified`: `YYYYMMDDTHHMMSS` (UTC), undefined for places that always are as new as the request. */
export type Node = Folder | File;

export interface Folder {
  readonly kind: "folder";
  readonly modified?: string | undefined;
  children(): Promise<readonly NamedNode[]>;
  /** The child of that name, where it can be told without listing all. */
  child?(name: string): Promise<Node | undefined>;
  /** Undefined where nothing can be deleted. */
  readonly remove?: () => Promise<void>;
}

export interface File {
  readonly kind: "file";
  readonly modified?: string | undefined;
  /** Bytes. */
  readonly size: number;
  readonly type: string;
  open(): Promise<string | AsyncIterable<Uint8Array>>;
  readonly remove?: () => Promise<void>;
}

export interface NamedNode {
  readonly name: string;
  readonly node: Node;
}

/** The node that `names` lead to from `root`; undefined when there is none. */
export async function nodeAt(root: Folder, names: readonly string[]): Promise<Node | undefined> {
  let node: Node = root;
  for (const name of names) {
    if (node.kind === "file") return undefined;
    const child: Node | undefined = await childOf(node, name);
    if (child === undefined) return undefined;
    node = child;
  }
  return node;
}

async function childOf(folder: Folder, name: string): Promise<Node | undefined> {
  if (folder.child !== undefined) return folder.child(name);
  return (await folder.children()).find((child) => child.name === name)?.node;
}

/** Names that can stand in a path; what has the name of a former one gets a number: `name (1)`. */
export function distinctNames(children: readonly NamedNode[]): readonly NamedNode[] {
  const uses = new Map<string, number>();
  return children.map(({ name, node }) => {
    const plain = name.replaceAll(/[/\\]/g, " ").trim() || "Unnamed";
    const former = uses.get(plain) ?? 0;
    uses.set(plain, former + 1);
    return { name: former === 0 ? plain : `${plain} (${former})`, node };
  });
}
