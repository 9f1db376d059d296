/** Whether a client wants XML for JSON, by Orthanc's own reading of `Accept`: the header split at semicolons, the last of the two types wins. */
export function wantsXml(accept: string | undefined): boolean {
  if (accept === undefined || !accept.includes("application/xml")) return false;
  const types = accept.split(";").map((type) => type.trim());
  return types.lastIndexOf("application/xml") > types.lastIndexOf("application/json");
}

export const xmlType = "application/xml; charset=utf-8";

const declaration = `<?xml version="1.0" encoding="utf-8"?>\n`;

/** A JSON document as Orthanc's XML: members are elements, entries of arrays are `<item>`. */
export function jsonToXml(document: string): string {
  return `${declaration}${element("root", JSON.parse(document), "")}`;
}

/** The same for an object that is not in memory as a whole, from its members. */
export async function* membersToXml(members: AsyncIterable<readonly [string, unknown]>): AsyncGenerator<Buffer> {
  yield Buffer.from(`${declaration}<root>\n`);
  for await (const [name, value] of members) yield Buffer.from(element(name, value, "  "));
  yield Buffer.from("</root>\n");
}

function element(rawName: string, value: unknown, indent: string): string {
  const name = elementName(rawName);
  if (typeof value !== "object" || value === null) {
    return `${indent}<${name}>${escaped(String(value))}</${name}>\n`;
  }
  const children: [string, unknown][] = Array.isArray(value)
    ? value.map((item: unknown) => ["item", item])
    : Object.entries(value);
  if (children.length === 0) return `${indent}<${name} />\n`;
  const inner = children.map(([child, content]) => element(child, content, `${indent}  `)).join("");
  return `${indent}<${name}>\n${inner}${indent}</${name}>\n`;
}

/** Names such as `0010,0020` are no XML names but what Orthanc writes; markup never gets through. */
function elementName(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N}_.,:-]/gu, "_");
}

function escaped(text: string): string {
  return (
    text
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      // oxlint-disable-next-line no-control-regex -- characters that XML 1.0 cannot hold
      .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "\ufffd")
  );
}
