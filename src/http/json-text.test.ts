import { describe, expect, it } from "vitest";
import { jsonText } from "./json-text.ts";
import { jsonToXml, wantsXml } from "./json-to-xml.ts";
import { contentDisposition } from "./reply.ts";

describe("jsonText", () => {
  it("sorts the keys at every depth and indents by three spaces", () => {
    expect(jsonText({ b: [{ z: 1, y: [] }], a: "é\u0001", c: undefined })).toBe(
      '{\n   "a": "é\\u0001",\n   "b": [\n      {\n         "y": [],\n         "z": 1\n      }\n   ]\n}',
    );
  });

  it("takes dates, names of the prototype and nothing at all", () => {
    expect(jsonText([new Date(0)])).toBe('[\n   "1970-01-01T00:00:00.000Z"\n]');
    expect(jsonText(JSON.parse('{"b":1,"__proto__":2}'))).toBe('{\n   "__proto__": 2,\n   "b": 1\n}');
    expect([jsonText(undefined), jsonText(null), jsonText({})]).toEqual(["null", "null", "{}"]);
  });
});

describe("jsonToXml", () => {
  it("writes what Orthanc 1.10.1 writes", () => {
    const document = '{"0008,0005":{"Name":"A & B <c>","Value":""},"E":{},"L":[1,[2,null]],"T":true}';
    expect(jsonToXml(document)).toBe(
      [
        '<?xml version="1.0" encoding="utf-8"?>',
        "<root>",
        "  <0008,0005>",
        "    <Name>A &amp; B &lt;c&gt;</Name>",
        "    <Value></Value>",
        "  </0008,0005>",
        "  <E />",
        "  <L>",
        "    <item>1</item>",
        "    <item>",
        "      <item>2</item>",
        "      <item>null</item>",
        "    </item>",
        "  </L>",
        "  <T>true</T>",
        "</root>",
        "",
      ].join("\n"),
    );
    expect(jsonToXml("[]")).toBe('<?xml version="1.0" encoding="utf-8"?>\n<root />\n');
  });

  it("lets no markup through a name", () => {
    expect(jsonToXml('{"a><b x=\'1\'":"x\\u0000"}')).toContain("<a__b_x__1_>x\ufffd</a__b_x__1_>");
  });

  it("is for clients whose Accept has it as an element of its own", () => {
    expect(["application/xml", "a/b; application/xml", "application/xml;q=1"].map(wantsXml)).toEqual([
      true,
      true,
      true,
    ]);
    expect([undefined, "text/html,application/xml", "application/xml; application/json"].map(wantsXml)).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe("contentDisposition", () => {
  it("keeps line ends and quotes out, and other letters as UTF-8", () => {
    expect(contentDisposition('a"\r\nb.dcm')).toBe('filename="ab.dcm"');
    expect(Buffer.from(contentDisposition("Müller.zip"), "latin1").toString("utf8")).toBe('filename="Müller.zip"');
  });
});
