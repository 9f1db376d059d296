import { escapeXml } from "../../dicom/xml.ts";
import type { Node } from "./node.ts";

/** The type of the answers to PROPFIND. */
export const multistatusType = "application/xml; charset=UTF-8";

export interface DescribedNode {
  /** Path from the root of the server, percent-encoded. */
  readonly href: string;
  readonly name: string;
  readonly node: Node;
}

/** The answer to PROPFIND (RFC 4918 §9.1, §13): the live properties of each node. `now`: the time of nodes that have none. */
export function multistatus(nodes: readonly DescribedNode[], now: Date): string {
  const responses = nodes.map((described) => response(described, now)).join("");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<D:multistatus xmlns:D="DAV:">\n${responses}</D:multistatus>\n`;
}

function response({ href, name, node }: DescribedNode, now: Date): string {
  const modified = node.modified === undefined ? now : parseCompactDate(node.modified);
  const properties = [
    property("displayname", name),
    property("creationdate", modified.toISOString().replace(/\.\d+Z$/, "Z")),
    property("getlastmodified", modified.toUTCString()),
    `<D:resourcetype>${node.kind === "folder" ? "<D:collection/>" : ""}</D:resourcetype>`,
    ...(node.kind === "file"
      ? [property("getcontentlength", String(node.size)), property("getcontenttype", node.type)]
      : []),
  ];
  return (
    `<D:response><D:href>${escapeXml(href)}</D:href><D:propstat><D:prop>${properties.join("")}</D:prop>` +
    "<D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>\n"
  );
}

function property(name: string, value: string): string {
  return `<D:${name}>${escapeXml(value)}</D:${name}>`;
}

/** `YYYYMMDDTHHMMSS`, UTC. */
export function parseCompactDate(text: string): Date {
  const iso = text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d).*$/, "$1-$2-$3T$4:$5:$6Z");
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? new Date(0) : date;
}

/** What a client wants to lock gets a token, though nothing is ever locked: some clients write only what they have locked (RFC 4918 §9.10). */
export function lockAnswer(href: string, token: string): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n<D:prop xmlns:D="DAV:"><D:lockdiscovery><D:activelock>' +
    "<D:locktype><D:write/></D:locktype><D:lockscope><D:exclusive/></D:lockscope><D:depth>0</D:depth>" +
    `<D:timeout>Second-3600</D:timeout><D:locktoken><D:href>${escapeXml(token)}</D:href></D:locktoken>` +
    `<D:lockroot><D:href>${escapeXml(href)}</D:href></D:lockroot></D:activelock></D:lockdiscovery></D:prop>\n`
  );
}

/** The answer to PROPPATCH: properties are not kept, each that was to be set is forbidden (RFC 4918 §9.2). */
export function propertiesForbidden(href: string): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\n<D:multistatus xmlns:D="DAV:"><D:response>' +
    `<D:href>${escapeXml(href)}</D:href><D:status>HTTP/1.1 403 Forbidden</D:status></D:response></D:multistatus>\n`
  );
}
