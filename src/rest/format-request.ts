import { groupOf, type Tag } from "../dicom/tag.ts";
import { parseTag } from "../dicom/dictionary.ts";
import { booleanArgument, lastValue } from "../http/query.ts";
import { ServerError } from "../util/errors.ts";
import type { BodyReader } from "./body-fields.ts";
import { classicalSections, type ResourceFormat, type Section, sections } from "./resource-format.ts";
import type { TagFormat } from "./tag-json.ts";

/** `simplify`, `short` and `full` are flags: any value, even `false`, sets them. */
export function tagFormatOfQuery(query: URLSearchParams, absent: TagFormat): TagFormat {
  if (query.has("simplify")) return "simple";
  if (query.has("short")) return "short";
  return query.has("full") ? "full" : absent;
}

/** `Simplify`, `Short` and `Full` of a body. */
export function tagFormatOfBody(body: BodyReader, absent: TagFormat): TagFormat {
  if (body.boolean("Simplify", false)) return "simple";
  if (body.boolean("Short", false)) return "short";
  return body.boolean("Full", false) ? "full" : absent;
}

/** The format that `short`, `full`, `requested-tags` and `response-content` ask for. */
export function resourceFormatOfQuery(query: URLSearchParams): ResourceFormat {
  const content = lastValue(query, "response-content");
  return {
    tags: tagFormatOfQuery(query, "simple"),
    ...sectionsOf(content === undefined ? undefined : splitList(content)),
    requestedTags: parseRequestedTags(
      splitList(lastValue(query, "requested-tags") ?? lastValue(query, "requestedTags") ?? ""),
    ),
  };
}

/** Whether the query asks for descriptions rather than ids: `expand`, or a `response-content`. */
export function isExpanded(query: URLSearchParams, absent: boolean): boolean {
  return query.has("response-content") || booleanArgument(query, "expand", absent);
}

/** Reads names or hexadecimal spellings; tags of the file meta group are never given. Throws BadRequest. */
export function parseRequestedTags(names: readonly string[]): readonly Tag[] {
  const tags = names.map((name) => {
    const tag = parseTag(name);
    if (tag === undefined) throw new ServerError("BadRequest", `"${name}" is no DICOM tag: cannot be requested`);
    return tag;
  });
  return tags.filter((tag) => groupOf(tag) !== 0x0002);
}

/** The sections by name; undefined: the classical description. Throws ParameterOutOfRange for an unknown one. */
export function sectionsOf(names: readonly string[] | undefined): Pick<ResourceFormat, "sections" | "classical"> {
  if (names === undefined) return { sections: classicalSections, classical: true };
  return { sections: new Set(names.map(parseSection)), classical: false };
}

function parseSection(name: string): Section {
  const section = sections.find((candidate) => candidate === name);
  if (section !== undefined) return section;
  throw new ServerError(
    "ParameterOutOfRange",
    `"${name}" is no content of a response: expected ${sections.join(", ")}`,
  );
}

function splitList(text: string): readonly string[] {
  return text
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
