import { parseMediaType, type MediaType } from "./media-type.ts";

/** What a route can answer. */
export interface Offer {
  readonly type: string;
  /** `type` parameter of a multipart offer. */
  readonly root?: string;
  /** Value of `transfer-syntax`; an offer without one takes no such parameter. */
  readonly transferSyntax?: string;
}

/**
 * The first of `offers` that the client accepts, highest q first, or undefined. A missing header and a wildcard take
 * the first offer. Google matches whole parameters: `type="application/dicom; transfer-syntax=*"` fits nothing.
 */
export function negotiate<Some extends Offer>(header: string | undefined, offers: readonly Some[]): Some | undefined {
  const accepted = parseAccept(header ?? "*/*");
  for (const range of accepted.toSorted((a, b) => quality(b) - quality(a))) {
    const offer = quality(range) > 0 ? offers.find((candidate) => fits(candidate, range)) : undefined;
    if (offer !== undefined) return offer;
  }
  return undefined;
}

/** Google's plain text of a 406. */
export function notAcceptableText(header: string | undefined, offers: readonly Offer[]): string {
  const accepted = splitList(header ?? "").join(" ");
  return `no supported media type found in [${accepted}], accept-header must include one of [${offers.map(spell).join(", ")}]`;
}

function parseAccept(header: string): MediaType[] {
  return splitList(header).flatMap((item) => parseMediaType(item) ?? []);
}

/** Splits at the commas that stand outside quotes. */
function splitList(header: string): string[] {
  const items = header.match(/(?:[^,"]|"(?:[^"\\]|\\.)*"?)+/g) ?? [];
  return items.map((item) => item.trim()).filter((item) => item !== "");
}

function quality(range: MediaType): number {
  const q = Number(range.parameters.get("q") ?? "1");
  return Number.isNaN(q) ? 0 : q;
}

function fits(offer: Offer, range: MediaType): boolean {
  const [type, subtype] = range.type.split("/");
  const sameType =
    range.type === "*/*" || range.type === offer.type || (subtype === "*" && offer.type.startsWith(`${type}/`));
  const root = range.parameters.get("type");
  const sameRoot = root === undefined || root === offer.root;
  const transferSyntax = range.parameters.get("transfer-syntax");
  // An offer's list starts with the default of its type, which is what no parameter means.
  const sameSyntax = transferSyntax === undefined || transferSyntax === offer.transferSyntax;
  return sameType && sameRoot && sameSyntax;
}

function spell(offer: Offer): string {
  const root = offer.root === undefined ? "" : `; type="${offer.root}"`;
  const syntax = offer.transferSyntax === undefined ? "" : `; transfer-syntax=${offer.transferSyntax}`;
  return `${offer.type}${root}${syntax}`;
}
