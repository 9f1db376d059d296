import { useEffect, useState } from "preact/hooks";

/** The parts of the address after `#/`, decoded: `#/study/abc` → `["study", "abc"]`. */
export function parseAddress(hash: string): readonly string[] {
  return hash
    .replace(/^#\/?/, "")
    .split("/")
    .filter((part) => part !== "")
    .map(decodeURIComponent);
}

/** The present address, as a hook. */
export function useAddress(): readonly string[] {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const update = (): void => setHash(location.hash);
    addEventListener("hashchange", update);
    return () => removeEventListener("hashchange", update);
  }, []);
  return parseAddress(hash);
}

/** The link to a page. */
export function address(...parts: readonly string[]): string {
  return `#/${parts.map(encodeURIComponent).join("/")}`;
}
