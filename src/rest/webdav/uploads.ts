import { distinctNames, type Folder } from "./node.ts";

/**
 * The folders that clients make below `uploads`. They are names only: what is put into them goes into the archive, and they
 * are forgotten when the server stops.
 */
export interface UploadFolders {
  readonly root: Folder;
  /** Whether there is such a folder; `[]` is the root. */
  has(names: readonly string[]): boolean;
  /** False when its parent is unknown, it exists, or there are too many. */
  make(names: readonly string[]): boolean;
  /** False when unknown. */
  remove(names: readonly string[]): boolean;
}

/** A client cannot fill the memory with folders. */
const maximumFolders = 10_000;

interface Branch extends Map<string, Branch> {}

export function createUploadFolders(): UploadFolders {
  const root: Branch = new Map();
  let count = 0;
  const branchAt = (names: readonly string[]): Branch | undefined =>
    names.reduce<Branch | undefined>((branch, name) => branch?.get(name), root);
  return {
    root: folderOf(root),
    has: (names) => branchAt(names) !== undefined,
    make(names) {
      const name = names.at(-1);
      const parent = branchAt(names.slice(0, -1));
      if (name === undefined || parent === undefined || parent.has(name) || count >= maximumFolders) return false;
      parent.set(name, new Map());
      count += 1;
      return true;
    },
    remove(names) {
      const name = names.at(-1);
      const branch = branchAt(names);
      if (name === undefined || branch === undefined) return false;
      count -= sizeOf(branch);
      return branchAt(names.slice(0, -1))?.delete(name) ?? false;
    },
  };
}

function sizeOf(branch: Branch): number {
  return [...branch.values()].reduce((sum, inner) => sum + sizeOf(inner), 1);
}

function folderOf(branch: Branch): Folder {
  return {
    kind: "folder",
    children: () =>
      Promise.resolve(distinctNames([...branch].map(([name, inner]) => ({ name, node: folderOf(inner) })))),
  };
}
