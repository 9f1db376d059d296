import { ServerError } from "../util/errors.ts";
import type { TextMatch } from "../util/text-match.ts";
import { keywordOf, lookupTag } from "./dictionary.ts";
import type { Tag } from "./tag.ts";
import type { VR } from "./vr.ts";

const rangeVRs: ReadonlySet<VR> = new Set<VR>(["DA", "TM", "DT"]);
const wildcardVRs: ReadonlySet<VR> = new Set<VR>(["AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"]);

/**
 * The meaning of a value to be matched (PS3.4 §C.2.2.2): `from-to` for dates and times, alternatives separated by a backslash, `*` and
 * `?` in text, else the value itself. `vr` is that of the dictionary, `UN` where it has none, unless it is given. Undefined: an
 * empty value, which matches everything. Throws `ParameterOutOfRange` for wildcards where the VR has none.
 */
export function attributeMatch(tag: Tag, value: string, vr: VR = lookupTag(tag)?.vr ?? "UN"): TextMatch | undefined {
  const wanted = value.trim();
  if (wanted === "") return undefined;
  if (rangeVRs.has(vr) && wanted.includes("-")) return rangeMatch(wanted);
  if (wanted.includes("\\")) return { match: "list", values: wanted.split("\\").map((part) => part.trim()) };
  if (!/[*?]/.test(wanted)) return { match: "equal", value: wanted };
  if (wildcardVRs.has(vr)) return { match: "wildcard", pattern: wanted };
  throw new ServerError(
    "ParameterOutOfRange",
    `${keywordOf(tag)}: "${wanted}" has wildcards, which are not allowed for VR ${vr}`,
  );
}

function rangeMatch(text: string): TextMatch | undefined {
  const dash = text.indexOf("-");
  const from = text.slice(0, dash).trim();
  const to = text.slice(dash + 1).trim();
  if (from === "" && to === "") return undefined;
  return { match: "range", ...(from === "" ? {} : { from }), ...(to === "" ? {} : { to }) };
}
