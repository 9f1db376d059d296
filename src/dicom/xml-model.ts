import { ServerError } from "../util/errors.ts";
import { keywordOf, unknownKeyword } from "./dictionary.ts";
import { decimalValue, type JsonModel, type JsonModelAttribute, type JsonModelValue } from "./json-model.ts";
import { personNameGroups, type PersonName } from "./person-name.ts";
import { isPrivate, parseTagNumber, tagHex, type Tag } from "./tag.ts";
import { isVR, vrRow, type VR } from "./vr.ts";
import { escapeXml, parseXml, type XmlElement } from "./xml.ts";

const namespace = "http://dicom.nema.org/PS3.19/models/NativeDICOM";
const components = ["FamilyName", "GivenName", "MiddleName", "NamePrefix", "NameSuffix"] as const;

/** The Native DICOM Model (PS3.19 §A.1) of a dataset in the DICOM JSON model: an XML document. */
export function toXmlModel(model: JsonModel): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<NativeDicomModel xmlns="${namespace}" xml:space="preserve">${attributesXml(model)}</NativeDicomModel>\n`;
}

function attributesXml(model: JsonModel): string {
  return Object.keys(model)
    .sort()
    .map((hex) => attributeXml(model, hex))
    .join("");
}

function attributeXml(model: JsonModel, hex: string): string {
  const attribute = model[hex];
  const tag = parseTagNumber(hex);
  if (attribute === undefined || tag === undefined) return "";
  const creator = creatorOf(model, tag);
  const keyword = keywordOf(tag, creator).replace(/^RETIRED_/, "");
  const names = [
    `tag="${tagHex(tag)}"`,
    `vr="${attribute.vr}"`,
    ...(keyword === unknownKeyword ? [] : [`keyword="${escapeXml(keyword)}"`]),
    ...(creator === undefined ? [] : [`privateCreator="${escapeXml(creator)}"`]),
  ];
  return `<DicomAttribute ${names.join(" ")}>${contentXml(attribute)}</DicomAttribute>`;
}

/** The creator of the block of a private tag, which stands in the same dataset (PS3.5 §7.8.1). */
function creatorOf(model: JsonModel, tag: Tag): string | undefined {
  const block = (tag & 0xffff) >>> 8;
  if (!isPrivate(tag) || block < 0x10) return undefined;
  const creator = model[tagHex(tag - (tag & 0xffff) + block)]?.Value?.[0];
  return typeof creator === "string" ? creator : undefined;
}

function contentXml({ vr, Value, BulkDataURI, InlineBinary }: JsonModelAttribute): string {
  if (BulkDataURI !== undefined) return `<BulkData uri="${escapeXml(BulkDataURI)}"/>`;
  if (InlineBinary !== undefined) return `<InlineBinary>${InlineBinary}</InlineBinary>`;
  return (Value ?? []).map((value, at) => valueXml(value, vr, at + 1)).join("");
}

function valueXml(value: JsonModelValue, vr: VR, number: number): string {
  if (vr === "SQ") return `<Item number="${number}">${isModel(value) ? attributesXml(value) : ""}</Item>`;
  if (vr === "PN") return `<PersonName number="${number}">${isName(value) ? personNameXml(value) : ""}</PersonName>`;
  return `<Value number="${number}">${typeof value === "object" ? "" : escapeXml(String(value))}</Value>`;
}

function isModel(value: JsonModelValue): value is JsonModel {
  return typeof value === "object" && value !== null;
}

function isName(value: JsonModelValue): value is PersonName {
  return typeof value === "object" && value !== null;
}

function personNameXml(name: PersonName): string {
  return personNameGroups
    .filter((group) => name[group] !== undefined)
    .map((group) => {
      const values = (name[group] ?? "").split("^");
      const parts = components.map((component, at) => {
        const value = values[at] ?? "";
        return value === "" ? "" : `<${component}>${escapeXml(value)}</${component}>`;
      });
      return `<${group}>${parts.join("")}</${group}>`;
    })
    .join("");
}

/** Reads a Native DICOM Model document. Throws `BadFileFormat`. */
export function fromXmlModel(text: string): JsonModel {
  const root = parseXml(text);
  if (root.name !== "NativeDicomModel") throw bad(`expected NativeDicomModel, found ${root.name}`);
  return modelOf(root);
}

function bad(problem: string): ServerError {
  return new ServerError("BadFileFormat", `Native DICOM Model: ${problem}`);
}

function modelOf(parent: XmlElement): JsonModel {
  const attributes = parent.children.filter(({ name }) => name === "DicomAttribute");
  return Object.fromEntries(attributes.map((element) => attributeOf(element)));
}

function attributeOf({ attributes, children }: XmlElement): [string, JsonModelAttribute] {
  const { tag = "", vr = "UN" } = attributes;
  const number = parseTagNumber(tag);
  if (number === undefined) throw bad(`tag "${tag}" is none`);
  if (!isVR(vr)) throw bad(`${tag} has vr "${vr}", which is none`);
  const [first] = children;
  if (first === undefined) return [tagHex(number), { vr }];
  if (first.name === "BulkData") return [tagHex(number), { vr, BulkDataURI: first.attributes["uri"] ?? "" }];
  if (first.name === "InlineBinary") return [tagHex(number), { vr, InlineBinary: first.text.replaceAll(/\s/g, "") }];
  return [tagHex(number), { vr, Value: children.map((child) => valueOf(child, vr)) }];
}

function valueOf(element: XmlElement, vr: VR): JsonModelValue {
  if (element.name === "Item") return modelOf(element);
  if (element.name === "PersonName") return personNameOf(element);
  if (element.name !== "Value") throw bad(`unexpected element ${element.name}`);
  const { text } = element;
  if (text === "") return null;
  if (vr === "DS" || vr === "IS") return decimalValue(text.trim(), vr);
  const { kind } = vrRow(vr);
  const isExact = Number.isFinite(Number(text)) && (kind === "float" || Number.isSafeInteger(Number(text)));
  return (kind === "integer" || kind === "float") && isExact ? Number(text) : text;
}

function personNameOf({ children }: XmlElement): PersonName {
  const groups = personNameGroups.flatMap((group) => {
    const element = children.find(({ name }) => name === group);
    if (element === undefined) return [];
    const values = components.map((component) => element.children.find(({ name }) => name === component)?.text ?? "");
    const text = values.join("^").replace(/\^+$/, "");
    return text === "" ? [] : [[group, text] as const];
  });
  return Object.fromEntries(groups);
}
