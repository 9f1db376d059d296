import type { Element } from "../../dicom/dataset.ts";
import { padded } from "../../dicom/encode-value.ts";
import { vrRow, type VR } from "../../dicom/vr.ts";

/** Texts that say nothing, in the form that their VR asks for (PS3.5 §6.2). */
const dummyTexts: Readonly<Partial<Record<VR, string>>> = {
  AS: "000Y",
  DA: "19000101",
  DS: "0",
  DT: "19000101000000",
  IS: "0",
  TM: "000000",
  UI: "2.25.0",
};
const otherText = "ANONYMIZED";

/** The element with a dummy value (PS3.15 §E.1.1, action D): a text, or zeros. */
export function dummyElement({ tag, vr }: Element): Element {
  const { kind, size } = vrRow(vr);
  const place = { tag, vr, offset: 0 };
  if (kind === "sequence") return { ...place, length: 0, items: [] };
  const text = dummyTexts[vr] ?? otherText;
  const value = kind === "text" ? padded(Buffer.from(text, "latin1"), vr) : Buffer.alloc(Math.max(2, size));
  return { ...place, length: value.length, value };
}
