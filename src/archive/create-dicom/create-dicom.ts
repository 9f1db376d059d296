import { buildElement } from "../../dicom/build-dataset.ts";
import { SpecificCharacterSet } from "../../dicom/charset.ts";
import { Dataset, type Element } from "../../dicom/dataset.ts";
import { keywordOf, parseTag } from "../../dicom/dictionary.ts";
import { datasetFromJson } from "../../dicom/from-orthanc-json.ts";
import type { Tag } from "../../dicom/tag.ts";
import { explicitLittleEndian } from "../../dicom/transfer-syntaxes.ts";
import { generateUid } from "../../dicom/uid.ts";
import { writeDicom } from "../../dicom/write.ts";
import { ServerError } from "../../util/errors.ts";
import type { Archive, IngestResult, Origin } from "../archive.ts";
import { fittingCharset, specificCharacterSet } from "../modify/target-charset.ts";
import { type Base, type BaseParts, newBase, readParent } from "./base.ts";
import { type Content, type ContentOptions, readContent } from "./content.ts";

export interface CreateParts extends BaseParts {
  readonly archive: Pick<Archive, "header" | "ingest" | "remove">;
  readonly codecs: ContentOptions["codecs"];
  /** `DefaultEncoding` */
  readonly defaultCharset: () => SpecificCharacterSet;
}

/** A new instance, or a series of them, that a client asks for. */
export interface CreateRequest {
  /** As clients write them in JSON. */
  readonly tags: Readonly<Record<string, unknown>>;
  /** A data URI; or for each instance of a new series one, or an object with `Content` and `Tags`. */
  readonly content: unknown;
  /** Orthanc's identifier of a patient, study or series. */
  readonly parent: string | undefined;
  /** Tags may change what comes from the parent. */
  readonly force: boolean;
  readonly interpretBinaryTags: boolean;
  readonly privateCreator: string;
  readonly encapsulate: boolean;
  /** With the time of creation. */
  readonly dated: boolean;
}

const tags = {
  SOPInstanceUID: 0x00080018,
  InstanceNumber: 0x00200013,
  NumberOfTemporalPositions: 0x00200105,
  ImagesInAcquisition: 0x00201002,
  ImageIndex: 0x00541330,
  PixelData: 0x7fe00010,
} as const;

/** What all instances of one request share. */
interface Draft {
  readonly request: CreateRequest;
  readonly charset: SpecificCharacterSet;
  readonly base: Base;
}

/**
 * Makes and stores instances. Nothing stays when one of several fails. Throws the errors of `CreateDicom…`, and as `readContent` and
 * `datasetFromJson`.
 */
export async function createDicom(
  parts: CreateParts,
  request: CreateRequest,
  origin: Origin,
): Promise<readonly IngestResult[]> {
  const parent = request.parent === undefined ? undefined : await readParent(parts, request.parent);
  const { content, tags: own } = request;
  const wanted = Object.entries(own).find(([name]) => parseTag(name) === specificCharacterSet)?.[1];
  const charset = fittingCharset(wanted, parent?.inherited.charset ?? parts.defaultCharset(), [own, content]);
  const created = request.dated ? new Date() : undefined;
  const draft = withTags({ request, charset, base: newBase(parent, charset, created) }, own);
  if (!isList(content) || content.length === 0) {
    const only = content === undefined || isList(content) ? undefined : content;
    return [await store(parts, draft, only === undefined ? undefined : mustBeUri(only), origin)];
  }
  const stored: IngestResult[] = [];
  try {
    for (const [at, item] of content.entries()) {
      const { uri, own } = readItem(item);
      const numbered = withTags(withNumbers(draft, at + 1, content.length), own);
      stored.push(await store(parts, numbered, uri, origin));
    }
  } catch (error) {
    for (const { identifiers } of stored) await parts.archive.remove(identifiers.Instance, "Instance");
    throw error;
  }
  return stored;
}

function readItem(item: unknown): { readonly uri: string; readonly own: Readonly<Record<string, unknown>> } {
  if (!isObject(item)) return { uri: mustBeUri(item), own: {} };
  const { Content: uri, Tags: own = {} } = item;
  if (uri === undefined) throw new ServerError("CreateDicomNoPayload", 'expected "Content" in each object');
  if (!isObject(own)) throw new ServerError("BadRequest", '"Tags" of an instance must be an object');
  return { uri: mustBeUri(uri), own };
}

function mustBeUri(value: unknown): string {
  if (typeof value === "string") return value;
  throw new ServerError("CreateDicomUseDataUriScheme", "expected a data URI, or an array of them");
}

/** The draft with tags as clients write them. What it has already is fixed from then on. */
function withTags({ request, charset, base }: Draft, own: Readonly<Record<string, unknown>>): Draft {
  const { force, interpretBinaryTags, privateCreator } = request;
  const dataset = datasetFromJson(own, { charset, interpretBinaryTags, privateCreator });
  if (dataset.has(tags.PixelData)) throw new ServerError("CreateDicomUseContent");
  const elements = new Map(base.elements);
  for (const element of dataset) {
    if (base.fixed.has(element.tag) && !force) {
      throw new ServerError("CreateDicomOverrideTag", keywordOf(element.tag));
    }
    if (element.tag !== specificCharacterSet) elements.set(element.tag, element);
  }
  return { request, charset, base: { elements, fixed: base.fixed.union(new Set(dataset.elements.keys())) } };
}

/** The draft of one of several instances. */
function withNumbers(draft: Draft, number: number, count: number): Draft {
  const numbers: readonly (readonly [Tag, number])[] = [
    [tags.ImagesInAcquisition, count],
    [tags.NumberOfTemporalPositions, 1],
    [tags.InstanceNumber, number],
    [tags.ImageIndex, number],
  ];
  const elements = new Map(draft.base.elements);
  for (const [tag, value] of numbers) elements.set(tag, textOrNumber(tag, value));
  return { ...draft, base: { ...draft.base, elements } };
}

function textOrNumber(tag: Tag, value: string | number): Element {
  return buildElement({ tag, value }, { littleEndian: true, charset: SpecificCharacterSet.default });
}

async function store(
  parts: CreateParts,
  { request, charset, base }: Draft,
  uri: string | undefined,
  origin: Origin,
): Promise<IngestResult> {
  const content: Content =
    uri === undefined
      ? { transferSyntaxUID: explicitLittleEndian.uid, elements: [], defaults: [] }
      : await readContent(uri, { codecs: parts.codecs, encapsulate: request.encapsulate });
  const elements = new Map(content.defaults.map((element) => [element.tag, element]));
  if (!base.elements.has(tags.SOPInstanceUID)) {
    elements.set(tags.SOPInstanceUID, textOrNumber(tags.SOPInstanceUID, generateUid()));
  }
  for (const element of base.elements.values()) elements.set(element.tag, element);
  for (const element of content.elements) elements.set(element.tag, element);
  const dataset = new Dataset(elements, true, charset);
  return parts.archive.ingest(writeDicom({ dataset }, { transferSyntaxUID: content.transferSyntaxUID }), origin);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
