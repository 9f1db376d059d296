import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sharedData } from "../../test/shared-data.ts";
import { SpecificCharacterSet } from "./charset.ts";
import { parseDicom } from "./parse.ts";

const bytes = (text: string): Buffer => Buffer.from(text, "latin1");
const decode = (terms: string, text: string, vr: "PN" | "LO" | "LT" = "PN"): string =>
  SpecificCharacterSet.parse(terms).decode(bytes(text), vr);

describe("decode", () => {
  it("reads the examples of PS3.5 Annexes H, I, J and K", () => {
    expect(
      decode(
        "\\ISO 2022 IR 87",
        "Yamada^Tarou=\x1B$B;3ED\x1B(B^\x1B$BB@O:\x1B(B=\x1B$B$d$^$@\x1B(B^\x1B$B$?$m$&\x1B(B",
      ),
    ).toBe("Yamada^Tarou=山田^太郎=やまだ^たろう");
    expect(
      decode("ISO 2022 IR 13\\ISO 2022 IR 87", "\xD4\xCF\xC0\xDE^\xC0\xDB\xB3=\x1B$B;3ED\x1B(J^\x1B$BB@O:\x1B(J"),
    ).toBe("ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎");
    expect(decode("\\ISO 2022 IR 149", "Hong^Gildong=\x1B$)C\xFB\xF3^\x1B$)C\xD1\xCE\xD4\xD7")).toBe(
      "Hong^Gildong=洪^吉洞",
    );
    expect(decode("GB18030", "Wang^XiaoDong=\xCD\xF5^\xD0\xA1\xB6\xAB=")).toBe("Wang^XiaoDong=王^小东=");
    expect(decode("\\ISO 2022 IR 58", "Zhang^XiaoDong=\x1B$)A\xD5\xC5^\x1B$)A\xD0\xA1\xB6\xAB=")).toBe(
      "Zhang^XiaoDong=张^小东=",
    );
  });

  it("forgets the sets at delimiters, which depend on the VR", () => {
    expect(decode("\\ISO 2022 IR 126", "\x1B-F\xC1^\xC1")).toBe("Α^Á");
    expect(decode("\\ISO 2022 IR 126", "\x1B-F\xC1^\xC1", "LO")).toBe("Α^Α");
    expect(decode("\\ISO 2022 IR 126", "\x1B-F\xC1\\\xC1", "LO")).toBe("Α\\Á");
    expect(decode("\\ISO 2022 IR 126", "\x1B-F\xC1\\\xC1\r\n\xC1", "LT")).toBe("Α\\Α\r\nÁ");
  });

  it("takes no trail byte for a delimiter", () => {
    expect(decode("GB18030", "\x81\x5C\x81\x5E")).toBe("乗乛");
    expect(decode("\\ISO 2022 IR 87", "\x1B$B!@\x1B(B\\x", "LO")).toBe("＼\\x");
  });

  it("reads JIS X 0201 with its yen sign and overline", () => {
    expect(decode("ISO_IR 13", "a~\\b", "LO")).toBe("a‾\\b");
    expect(decode("ISO_IR 13", "\\", "LT")).toBe("¥");
  });

  it("never fails", () => {
    expect(decode("ISO_IR 192", "a\xFF\xC3")).toBe("a\uFFFD\uFFFD");
    expect(decode("\\ISO 2022 IR 149", "\x1B$)C\xFB")).toBe("\uFFFD");
    expect(decode("\\ISO 2022 IR 87", "a\x1B")).toBe("a\x1B");
  });

  it("keeps a byte order mark and combining characters", () => {
    expect(decode("ISO_IR 192", "\xEF\xBB\xBFe\xCC\x81")).toBe("\uFEFFe\u0301");
  });
});

describe("parse", () => {
  it("forgives misspelt terms", () => {
    for (const terms of ["ISO_IR 100", "ISO-IR 100", "iso_ir_100", "ISO 2022 IR 100", "ISO_8859-1", "latin1"]) {
      expect(decode(terms, "\xFC"), terms).toBe("ü");
    }
    for (const terms of ["ISO_IR 192", "UTF-8", "utf8", "ISO IR 192"])
      expect(decode(terms, "\xC3\xBC"), terms).toBe("ü");
  });

  it("falls back for what is absent, empty or unknown", () => {
    const greek = SpecificCharacterSet.parse("ISO_IR 126");
    for (const terms of [undefined, "", " ", "X-KLINGON"]) {
      expect(SpecificCharacterSet.parse(terms, greek)).toBe(greek);
    }
    expect(SpecificCharacterSet.parse(undefined).decode(bytes("M\xFCller"), "PN")).toBe("Müller");
  });
});

function roundTrip(terms: string, text: string): string {
  const set = SpecificCharacterSet.parse(terms);
  return set.decode(set.encode(text, "PN"), "PN");
}

describe("encode", () => {
  it("writes the example of PS3.5 §H.3.2", () => {
    const set = SpecificCharacterSet.parse("ISO 2022 IR 13\\ISO 2022 IR 87");
    expect(set.encode("ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎", "PN").toString("latin1")).toBe(
      "\xD4\xCF\xC0\xDE^\xC0\xDB\xB3=\x1B$B;3ED\x1B(J^\x1B$BB@O:\x1B(J",
    );
  });

  it.each([
    ["ISO_IR 192", "Wáng^小東=王^小東=𠮷野^😀"],
    ["GB18030", "Wang^XiaoDong=王^小东=𠮷^㐀€"],
    ["GBK", "乗乛^乗"],
    ["ISO_IR 203", "Œuvré^Žoë €"],
    ["ISO_IR 166", "ใจดี^สมชาย"],
    ["\\ISO 2022 IR 149", "Hong^Gildong=洪^吉洞=홍^길동"],
    ["\\ISO 2022 IR 87\\ISO 2022 IR 159", "Test^Supplement=丂丄^太郎"],
    ["ISO 2022 IR 100\\ISO 2022 IR 144\\ISO 2022 IR 126", "Müller^Юрий^Νίκος"],
  ])("%s reads back", (terms, text) => {
    expect(roundTrip(terms, text)).toBe(text);
  });

  it("writes ? for what a set does not have", () => {
    expect(roundTrip("ISO_IR 100", "Müller 山")).toBe("Müller ?");
    expect(roundTrip("GBK", "𠮷")).toBe("?");
    expect(roundTrip("", "ü")).toBe("?");
  });
});

interface ManifestEntry {
  readonly path: string;
  readonly patientName?: string;
  readonly patientNameFrom?: string;
}

describe.skipIf(sharedData() === undefined)("names of the corpus", () => {
  const folder = sharedData() ?? "";
  const manifest = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as { files: ManifestEntry[] };
  const generated = manifest.files.filter(
    ({ path, patientNameFrom }) => path.startsWith("charsets/") && patientNameFrom === "generator",
  );

  it.each(generated.map(({ path, patientName }) => [path, patientName]))("%s", (path, patientName) => {
    expect(parseDicom(readFileSync(join(folder, path ?? ""))).dataset.text(0x00100010)).toBe(patientName);
  });
});
