import { describe, expect, it } from "vitest";
import { dataset as encode, fileHeader, type Elements } from "../../test/phantoms/explicit-writer.ts";
import { SpecificCharacterSet } from "./charset.ts";
import { Dataset, type Element } from "./dataset.ts";
import { parseDicom } from "./parse.ts";

function read(elements: Elements): Dataset {
  return parseDicom(Buffer.concat([fileHeader("1.2", "1.2.3"), encode(elements)])).dataset;
}

const example = read([
  [0x00080005, "CS", "ISO_IR 192"],
  [0x00080008, "CS", "ORIGINAL \\ PRIMARY\\\\AXIAL"],
  [0x00080018, "UI", "1.2.3"],
  [0x00081140, "SQ", [[[0x00081155, "UI", "1.2"]]]],
  [0x00090010, "LO", "SOMEBODY "],
  [0x00091001, "UN", Buffer.from("bytes!")],
  [0x00100010, "PN", "Müller^Jörg "],
  [0x00100020, "LO", "  AB  "],
  [0x00100040, "CS", ""],
  [0x00101010, "UN", Buffer.from("042Y")],
  [0x00180050, "DS", " 1.5 \\x\\-2e3"],
  [0x00189073, "FD", 0.1],
  [0x0020000d, "UI", "1.2.3.4"],
  [0x00204000, "LT", " first\\line\r\n"],
  [0x00280010, "US", [512, 65535]],
  [0x00280009, "AT", Buffer.from("18006310", "hex")],
  [0x00281101, "SS", [-1]],
  [0x00289503, "FL", [0.1, 1.5]],
  [0x7fe00010, "OB", Buffer.of(1, 2)],
]);

const emptyElement = (tag: number): Element => ({ tag, vr: "LO", offset: 0, length: 0, value: Buffer.alloc(0) });

/** An item with `own` elements and a name in UTF-8, in a dataset of that character set. */
function itemWithName(own: Elements): Dataset {
  const name = [0x00100010, "PN", Buffer.from("É ", "utf8")] as const;
  const [item] = read([
    [0x00080005, "CS", "ISO_IR 192"],
    [0x00081140, "SQ", [[...own, name]]],
  ]).items(0x00081140);
  return item ?? example;
}

describe("text", () => {
  it("gives whole values without trailing padding", () => {
    expect(example.text(0x00100010)).toBe("Müller^Jörg");
    expect(example.text(0x00100020)).toBe("  AB");
    expect(example.text(0x00080018)).toBe("1.2.3");
    expect(example.text(0x00080008)).toBe("ORIGINAL \\ PRIMARY\\\\AXIAL");
    expect(example.text(0x00204000)).toBe(" first\\line\r\n");
    expect(example.text(0x00100040)).toBe("");
  });

  it("gives numbers and tags as text", () => {
    expect(example.text(0x00280010)).toBe("512\\65535");
    expect(example.text(0x00281101)).toBe("-1");
    expect(example.text(0x00289503)).toBe("0.1\\1.5");
    expect(example.text(0x00280009)).toBe("00181063");
  });

  it("gives nothing for what is absent, bytes or a sequence", () => {
    expect([0x00100030, 0x7fe00010, 0x00081140, 0x00091001].map((tag) => example.text(tag))).toEqual(
      Array(4).fill(undefined),
    );
  });

  it("reads UN by the dictionary", () => {
    expect(example.text(0x00101010)).toBe("042Y");
  });
});

describe("strings", () => {
  it("splits and trims", () => {
    expect(example.strings(0x00080008)).toEqual(["ORIGINAL", "PRIMARY", "", "AXIAL"]);
    expect(example.strings(0x00100020)).toEqual(["AB"]);
    expect(example.strings(0x00204000)).toEqual([" first\\line\r\n"]);
    expect(example.strings(0x00100040)).toEqual([]);
    expect(example.strings(0x00100030)).toEqual([]);
  });
});

describe("numbers", () => {
  it("reads binary and decimal numbers", () => {
    expect(example.numbers(0x00280010)).toEqual([512, 65535]);
    expect(example.numbers(0x00180050)).toEqual([1.5, Number.NaN, -2000]);
    expect(example.numbers(0x00189073)).toEqual([0.1]);
    expect(example.numbers(0x00100010)).toEqual([]);
    expect(example.number(0x00180050)).toBe(1.5);
    expect(example.number(0x00100040)).toBeUndefined();
  });
});

describe("Dataset", () => {
  it("finds and lists elements", () => {
    const tags = [...example].map(({ tag }) => tag);
    expect(tags).toEqual(tags.toSorted((a, b) => a - b));
    expect(tags.every((tag) => example.get(tag)?.tag === tag)).toBe(true);
    expect(example.has(0x00100011)).toBe(false);
    expect([...example.elements.keys()]).toEqual(tags);
    expect(example.size).toBe(tags.length);
  });

  it("sorts the elements of a map", () => {
    const unsorted = new Map([0x00200010, 0x00100010].map((tag) => [tag, emptyElement(tag)]));
    expect([...new Dataset(unsorted, true)].map(({ tag }) => tag)).toEqual([0x00100010, 0x00200010]);
  });

  it("knows private creators", () => {
    expect(example.privateCreatorOf(0x00091001)).toBe("SOMEBODY");
    expect(example.privateCreatorOf(0x00091101)).toBeUndefined();
    expect(example.privateCreatorOf(0x00100010)).toBeUndefined();
    expect(example.privateCreatorOf(0x00090010)).toBeUndefined();
  });

  it("takes the character set of the enclosing dataset unless it has its own", () => {
    expect(itemWithName([]).text(0x00100010)).toBe("É");
    expect(itemWithName([[0x00080005, "CS", "ISO_IR 100"]]).text(0x00100010)).toBe("Ã\x89");
    expect(new Dataset([], true, SpecificCharacterSet.utf8).charset).toBe(SpecificCharacterSet.utf8);
  });
});
