import type { OwnAttribute } from "./dictionary.ts";

/**
 * The attributes of a data dictionary in DCMTK's format: lines of tag, VR, keyword and VM with tabs in between. Rules for whole ranges
 * of odd or even groups without a creator, such as `(0009-o-ffff,0000)`, are left out. Lines that are none are ignored, as in DCMTK.
 */
export function parseDictionaryFile(text: string): readonly OwnAttribute[] {
  return text.split("\n").flatMap((line) => {
    const [tag = "", vr = "", name = "", vm = "1"] = line.trimEnd().split("\t");
    const key = keyOf(tag);
    if (key === undefined || vr === "" || name === "") return [];
    const { creator, digits } = key;
    const keyword = name.replaceAll(" ", "");
    return [{ ...(creator === undefined ? {} : { creator }), line: `${digits} ${vr} ${vm} ${keyword}` }];
  });
}

/** `(0010,0010)`, `(6000-60FF,3000)`, `(0029,"CREATOR",10)`: what stands in brackets, with the creator apart. */
function keyOf(tag: string): { readonly creator?: string; readonly digits: string } | undefined {
  const [, group, creator, element] = /^\(([^,]+),(?:"([^"]*)",)?([^,"]+)\)$/.exec(tag) ?? [];
  if (group === undefined || element === undefined) return undefined;
  if (creator !== undefined) return { creator, digits: pattern(group) + pattern(element).padStart(2, "0") };
  const isRule = /-[ou]-/.test(group) || /-[ou]-/.test(element);
  return isRule ? undefined : { digits: pattern(group) + pattern(element) };
}

/** Hexadecimal digits that vary within a range become `x`: `6000-60FF` → `60xx`. */
function pattern(range: string): string {
  const [low = "", high = low] = range.toLowerCase().split(/-(?:[ou]-)?/);
  return Array.from(low, (digit, at) => (digit === high[at] ? digit : "x")).join("");
}
