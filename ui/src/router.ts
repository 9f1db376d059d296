import { useEffect, useState } from "preact/hooks";

/** Where the page is: `#/cloud/a?PatientID=1` is `["cloud", "a"]` with `{PatientID: "1"}`. */
export interface Address {
  readonly path: readonly string[];
  readonly query: Readonly<Record<string, string>>;
}

/** Orthanc Explorer's address of a study, which other programs have links to. */
const formerStudy = /^#study\?uuid=([\w-]+)$/;

/** Reads the part of the address after `#/`. */
export function parseAddress(hash: string): Address {
  const [, study] = formerStudy.exec(hash) ?? [];
  if (study !== undefined) return { path: ["study", study], query: {} };
  const [path = "", query] = hash.replace(/^#\/?/, "").split(/\?(.*)/s, 2);
  return {
    path: path
      .split("/")
      .filter((part) => part !== "")
      .map(decoded),
    query: Object.fromEntries(new URLSearchParams(query)),
  };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The present address, as a hook. */
export function useAddress(): Address {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const update = (): void => setHash(location.hash);
    addEventListener("hashchange", update);
    return () => removeEventListener("hashchange", update);
  }, []);
  return parseAddress(hash);
}

/** The link to a page. */
export function address(path: readonly string[] = [], query: Address["query"] = {}): string {
  const search = new URLSearchParams(query).toString();
  return `#/${path.map(encodeURIComponent).join("/")}${search === "" ? "" : `?${search}`}`;
}
