import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { pixelsOf } from "../rendering/corpus-pictures.ts";
import type { Answer } from "../server/ask.ts";
import { partsOf } from "../server/multipart-answer.ts";

/** What the two servers are asked, and what has no meaning in the answers. */
export interface ComparedRequest {
  /** `METHOD /path`. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | object;
  /** The order of the answered array means something; it is unspecified otherwise (behaviour §2.7). */
  readonly ordered?: true;
  /** What is made is new, so that only whether it is made can be compared. */
  readonly onlyOutcome?: true;
}

/** An answer of one of the servers, and where that server is. */
export interface ServerAnswer {
  readonly url: string;
  readonly answer: Answer;
}

/**
 * Where two answers differ, e.g. `status: 404 / 405` or `[].Labels: only in the second`. A failure is its status and its
 * code, `400 (15)`, and nothing more is told where these differ.
 */
export function compareAnswers(request: ComparedRequest, first: ServerAnswer, second: ServerAnswer): readonly string[] {
  const [one, other] = [outcome(first.answer), outcome(second.answer)];
  if (one !== other) return [`status: ${one} / ${other}`];
  if (request.onlyOutcome) return [];
  const differences: string[] = [];
  for (const name of ["content-type", "allow", "location", "content-disposition", "etag"]) {
    const [one, other] = [headerOf(first.answer, name), headerOf(second.answer, name)];
    if (name !== "etag" || !isOfDate.test(request.target)) differences.push(...values(name, one, other));
  }
  differences.push(...values("body", readBody(request, first), readBody(request, second)));
  return [...new Set(differences)];
}

function outcome({ status, text }: Answer): string {
  if (status < 400) return String(status);
  const code = /"OrthancStatus"\s*:\s*(\d+)/.exec(text())?.[1];
  return code === undefined ? String(status) : `${status} (${code})`;
}

/** Their ETags are sums of dates. */
const isOfDate = /\/metadata\/(LastUpdate|7|ReceptionDate|2) ?$/;

const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Boundaries of multipart answers and the names of attachments are arbitrary. */
function headerOf({ headers }: Answer, name: string): string | undefined {
  return headers[name]
    ?.toString()
    .replace(/boundary=[^;]+/, "boundary=…")
    .replaceAll(uuid, "…");
}

function readBody(request: ComparedRequest, { url, answer }: ServerAnswer): unknown {
  const { headers, bytes, text, status } = answer;
  const type = headers["content-type"] ?? "";
  if (type.startsWith("multipart/")) {
    return partsOf(type, bytes)
      .map((part) => ({ headers: readPartHeaders(part.headers), body: part.body.toString("base64") }))
      .toSorted(byIdentity);
  }
  if (type === "image/png") return readPicture(bytes);
  if (type === "image/jpeg") return sizeOfJpeg(bytes);
  if (type === "application/gzip") return gunzipSync(bytes).toString("latin1");
  const json = parseJson(text().replaceAll(url, "…"));
  if (json === undefined) return bytes.toString("latin1");
  if (status >= 400) return withoutDetails(json);
  return Array.isArray(json) && request.ordered !== true ? json.toSorted(byIdentity) : json;
}

/** What a PNG shows, whatever it is filtered and compressed with. */
function readPicture(png: Buffer): object {
  const { form, samples } = pixelsOf(png);
  return { form, pixels: createHash("md5").update(samples).digest("hex") };
}

/** Rows and columns, in the frame header (ISO/IEC 10918-1 §B.2.2): encoders lose different things. */
function sizeOfJpeg(jpeg: Buffer): string {
  const header = jpeg.indexOf(Buffer.from([0xff, 0xc0, 0x00]));
  return `${jpeg.readUInt16BE(header + 5)} × ${jpeg.readUInt16BE(header + 7)}`;
}

/** Each server has its own words for what is wrong. */
function withoutDetails(error: unknown): unknown {
  return isObject(error) ? Object.fromEntries(Object.entries(error).filter(([name]) => name !== "Details")) : error;
}

/** As an object by lower-case name; those that only repeat the size are left out. */
function readPartHeaders(headers: string): Record<string, string> {
  const lines = headers.split("\r\n").map((line) => line.split(/:\s*/, 2));
  return Object.fromEntries(
    lines.map(([name = "", value = ""]) => [name.toLowerCase(), value]).filter(([name]) => name !== "content-length"),
  ) as Record<string, string>;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function byIdentity(left: unknown, right: unknown): number {
  return identity(left) < identity(right) ? -1 : 1;
}

/** What a row is known by: it sorts alike on both sides even where other members differ. */
function identity(row: unknown): string {
  return identifier(row) ?? (typeof row === "string" ? row : JSON.stringify(row));
}

/** Orthanc's identifier of what a row describes, or its UIDs. */
function identifier(row: unknown): string | undefined {
  if (typeof row !== "object" || row === null) return undefined;
  if ("ID" in row) return String(row.ID);
  const members: Readonly<Record<string, { readonly Value?: readonly string[] } | undefined>> = { ...row };
  const uids = ["00100020", "0020000D", "0020000E", "00080018"].map((tag) => members[tag]?.Value?.[0]);
  return uids.every((uid) => uid === undefined) ? undefined : uids.join(" ");
}

/** The rows of a list by their identifiers; undefined when one has none, or two have the same. */
function identified(rows: readonly unknown[]): Readonly<Record<string, unknown>> | undefined {
  const found = rows.flatMap((row): [string, unknown][] => {
    const name = identifier(row);
    return name === undefined ? [] : [[name, row]];
  });
  return new Set(found.map(([name]) => name)).size === rows.length ? Object.fromEntries(found) : undefined;
}

function* values(path: string, first: unknown, second: unknown): Generator<string, void> {
  if (isObject(first) && isObject(second)) {
    for (const key of new Set([...Object.keys(first), ...Object.keys(second)])) {
      const at = path === "body" ? key : `${path}.${key}`;
      if (!Object.hasOwn(first, key)) yield `${at}: only in the second`;
      else if (!Object.hasOwn(second, key)) yield `${at}: only in the first`;
      else yield* values(at, first[key], second[key]);
    }
  } else if (isTexts(first) && isTexts(second) && !path.endsWith(".Value")) {
    // Lists of identifiers and names are sets.
    for (const text of new Set(first).difference(new Set(second))) yield `${path}: "${text}" only in the first`;
    for (const text of new Set(second).difference(new Set(first))) yield `${path}: "${text}" only in the second`;
  } else if (Array.isArray(first) && Array.isArray(second)) {
    const at = path === "body" ? "[]" : `${path}[]`;
    const [ones, others] = [identified(first), identified(second)];
    if (ones !== undefined && others !== undefined) {
      for (const name of new Set([...Object.keys(ones), ...Object.keys(others)])) {
        if (!Object.hasOwn(ones, name)) yield `${at}: ${name} only in the second`;
        else if (!Object.hasOwn(others, name)) yield `${at}: ${name} only in the first`;
        else yield* values(at, ones[name], others[name]);
      }
      return;
    }
    if (first.length !== second.length) yield `${at}: ${first.length} / ${second.length}`;
    for (const [index, item] of first.entries()) {
      if (index < second.length) yield* values(at, item, second[index]);
    }
  } else if (!isSame(first, second)) {
    yield `${path}: ${short(first)} / ${short(second)}`;
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Values that are different in every run: dates, numbers of attachments and jobs. */
const arbitrary = [/^\d{8}T\d{6}(\.\d+)?$/, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/];

function isSame(first: unknown, second: unknown): boolean {
  if (first === second) return true;
  return arbitrary.some((pattern) =>
    [first, second].every((value) => typeof value === "string" && pattern.test(value)),
  );
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
