import { ServerError } from "../util/errors.ts";

/** An element of an XML document. `text` is its own character data, joined. */
export interface XmlElement {
  /** Without namespace prefix. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

interface OpenElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

const maximumLength = 64 * 2 ** 20;
const maximumDepth = 512;

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Escapes text for character data and attribute values; characters that XML 1.0 does not have become U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\r", "&#13;")
    .replaceAll(/[^\t\n\u0020-\uFFFD]/g, "\uFFFD");
}

function unescapeXml(text: string, at: number): string {
  return text.replaceAll(
    /&(?:#(\d+)|#x([0-9a-fA-F]+)|(\w+));?/g,
    (all, decimal?: string, hex?: string, name?: string) => {
      const code = decimal !== undefined ? Number(decimal) : hex !== undefined ? Number.parseInt(hex, 16) : undefined;
      const character =
        code !== undefined ? (code <= 0x10ffff ? String.fromCodePoint(code) : undefined) : entities[name ?? ""];
      if (character === undefined || !all.endsWith(";")) throw bad(at, `unknown entity ${all.slice(0, 20)}`);
      return character;
    },
  );
}

function bad(at: number, problem: string): ServerError {
  return new ServerError("BadFileFormat", `XML at character ${at}: ${problem}`);
}

const withoutPrefix = (name: string): string => name.slice(name.indexOf(":") + 1);

function attributesOf(text: string, at: number): Record<string, string> {
  const attributes: Record<string, string> = {};
  let end = 0;
  for (const match of text.matchAll(/\s+([^\s=<>"']+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/g)) {
    const [all, name = "", double, single] = match;
    if (match.index !== end) break;
    attributes[withoutPrefix(name)] = unescapeXml(double ?? single ?? "", at);
    end += all.length;
  }
  if (text.slice(end).trim() !== "") throw bad(at, "expected an attribute");
  return attributes;
}

/** What may stand between elements: its opening and closing marks. */
const asides = [
  ["<?", "?>"],
  ["<!--", "-->"],
] as const;

/** The end of a comment or processing instruction at `at`, undefined when there is none. */
function endOfAside(text: string, at: number): number | undefined {
  const aside = asides.find(([open]) => text.startsWith(open, at));
  if (aside === undefined) return undefined;
  const end = text.indexOf(aside[1], at + aside[0].length);
  if (end < 0) throw bad(at, `expected ${aside[1]}`);
  return end + aside[1].length;
}

/**
 * Reads a document, strictly and without recursion: no document type, no entities but the five of XML, at most 64 Mi
 * characters and 512 levels. Throws `BadFileFormat`.
 */
export function parseXml(text: string): XmlElement {
  if (text.length > maximumLength) throw bad(maximumLength, "the document is too long");
  const document: OpenElement = { name: "", attributes: {}, children: [], text: "" };
  const stack: OpenElement[] = [document];
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  while (at < text.length) at = readNext(text, at, stack);
  const [root, ...others] = document.children;
  if (stack.length > 1) throw bad(text.length, `expected </${stack.at(-1)?.name ?? ""}>`);
  if (root === undefined || others.length > 0 || document.text.trim() !== "") throw bad(0, "expected one root element");
  return root;
}

/** Reads what begins at `at` into the innermost open element; gives where the next begins. */
function readNext(text: string, at: number, stack: OpenElement[]): number {
  const open = stack.at(-1);
  if (open === undefined) throw bad(at, "expected the end of the document");
  if (text[at] !== "<") {
    const end = text.indexOf("<", at);
    open.text += unescapeXml(text.slice(at, end < 0 ? undefined : end), at);
    return end < 0 ? text.length : end;
  }
  if (text.startsWith("<![CDATA[", at)) {
    const end = text.indexOf("]]>", at);
    if (end < 0) throw bad(at, "expected ]]>");
    open.text += text.slice(at + 9, end);
    return end + 3;
  }
  return endOfAside(text, at) ?? readTag(text, at, stack);
}

function readTag(text: string, at: number, stack: OpenElement[]): number {
  const tagPattern = /<(\/?)([A-Za-z_][\w.:-]*)((?:[^"'<>]|"[^"<]*"|'[^'<]*')*)>/y;
  tagPattern.lastIndex = at;
  const match = tagPattern.exec(text);
  if (match === null) throw bad(at, "expected an element");
  const [all, closing, prefixed = "", content = ""] = match;
  const name = withoutPrefix(prefixed);
  const end = at + all.length;
  if (closing === "/") {
    const element = stack.pop();
    if (element?.name !== name || content.trim() !== "") throw bad(at, `</${prefixed}> closes nothing`);
    stack.at(-1)?.children.push(element);
    return end;
  }
  if (stack.length > maximumDepth) throw bad(at, `more than ${maximumDepth} levels`);
  const isEmpty = content.endsWith("/");
  const attributes = attributesOf(isEmpty ? content.slice(0, -1) : content, at);
  const element = { name, attributes, children: [], text: "" };
  if (isEmpty) stack.at(-1)?.children.push(element);
  else stack.push(element);
  return end;
}
