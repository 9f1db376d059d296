import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";

const style = readFileSync(resolve(import.meta.dirname, "../../ui/src/styles/base.css"), "utf8");

/** The palette in the `index`-th `:root` of the style: light first, then dark. */
function palette(index: number): ReadonlyMap<string, string> {
  const block = style.split(":root {")[index + 1]?.split("}")[0] ?? "";
  return new Map([...block.matchAll(/--(\w+): (#[0-9a-f]{6})/g)].map(([, name = "", colour = ""]) => [name, colour]));
}

/** WCAG 2.2: relative luminance of `#rrggbb`. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

describe.each(["light", "dark"])("the %s palette", (scheme) => {
  const colours = palette(["light", "dark"].indexOf(scheme));
  const of = (name: string): string => {
    const colour = colours.get(name);
    if (colour === undefined) throw new Error(`The ${scheme} palette has no ${name}`);
    return colour;
  };

  // WCAG 2.2, 1.4.3: 4.5 for text; 1.4.11: 3 for the edges of what can be used.
  it.each(["paper", "card"])("can be read on %s", (ground) => {
    for (const name of ["ink", "soft", "accent", "good", "bad", "warn"]) {
      expect([name, contrast(of(name), of(ground)) >= 4.5]).toEqual([name, true]);
    }
    expect(contrast(of("edge"), of(ground))).toBeGreaterThanOrEqual(3);
  });
});
