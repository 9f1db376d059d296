import { realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";

/** What a path of a URL leads to. */
export interface Found {
  /** Without any link in it. */
  readonly path: string;
  readonly kind: "file" | "directory";
  readonly size: number;
  readonly modified: Date;
}

/**
 * What `path` (decoded, below the URL of the folder) leads to inside `folder`; undefined when there is nothing, or only
 * outside of the folder: by `..`, backslashes, NUL, drive letters, or a symbolic link.
 */
export async function findInFolder(folder: string, path: string): Promise<Found | undefined> {
  const components = path.split("/").filter((component) => component !== "");
  if (!components.every(isSafe)) return undefined;
  try {
    const root = await realpath(folder);
    const real = await realpath(join(root, ...components));
    if (real !== root && !real.startsWith(root.endsWith(sep) ? root : root + sep)) return undefined;
    const facts = await stat(real);
    const found = { path: real, size: facts.size, modified: facts.mtime };
    if (facts.isDirectory()) return { ...found, kind: "directory" };
    // Anything else, a pipe or a device, could block or never end.
    return facts.isFile() ? { ...found, kind: "file" } : undefined;
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

function isSafe(component: string): boolean {
  return (
    component !== "." &&
    component !== ".." &&
    !/[\\\0]/.test(component) &&
    !(sep === "\\" && isSpecialOnWindows(component))
  );
}

/** Drive letters, alternate streams, and names of which Windows ignores the end. */
function isSpecialOnWindows(component: string): boolean {
  return /:|[. ]$/.test(component);
}

function isAbsence(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOENT" || code === "ENOTDIR" || code === "EACCES" || code === "ELOOP" || code === "ENAMETOOLONG";
}
