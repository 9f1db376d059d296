import { describe, expect, it } from "vitest";
import { escapeXml, parseXml } from "./xml.ts";

describe("parseXml", () => {
  it("reads elements, attributes, text, CDATA and references", () => {
    const root = parseXml(
      `<?xml version="1.0"?><!-- a > b --><n:a x="1" y='&lt;"'>one<b/>&amp;&#65;&#x42;<![CDATA[<&]]><c z=">">&apos;</c ></n:a>\n`,
    );
    expect(root).toEqual({
      name: "a",
      attributes: { x: "1", y: '<"' },
      text: "one&AB<&",
      children: [
        { name: "b", attributes: {}, children: [], text: "" },
        { name: "c", attributes: { z: ">" }, children: [], text: "'" },
      ],
    });
  });

  it.each([
    ["", "one root element"],
    ["text", "one root element"],
    ["<a/><b/>", "one root element"],
    ["<a>", "expected </a>"],
    ["<a></b>", "</b> closes nothing"],
    ["</a>", "</a> closes nothing"],
    ["<a x=1/>", "expected an attribute"],
    ["<a b='<'/>", "expected an element"],
    ["<a>&unknown;</a>", "unknown entity &unknown;"],
    ["<a>&amp</a>", "unknown entity"],
    ["<a>&#x110000;</a>", "unknown entity"],
    ["<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", "expected an element"],
    ["<a><!-- never closed</a>", "expected -->"],
    ["<a>".repeat(600), "more than 512 levels"],
  ])("refuses %s", (text, problem) => {
    expect(() => parseXml(text)).toThrow(problem);
  });
});

describe("escapeXml", () => {
  it("escapes, and replaces what XML does not have", () => {
    expect(escapeXml(`a<b>&"c"\r\n\t\x01\0é`)).toBe("a&lt;b&gt;&amp;&quot;c&quot;&#13;\n\t\uFFFD\uFFFDé");
    expect(parseXml(`<a>${escapeXml("𠮷<\r\n")}</a>`).text).toBe("𠮷<\r\n");
  });
});
