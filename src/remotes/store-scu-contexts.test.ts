import { describe, expect, it } from "vitest";
import type { PresentationContext } from "../dimse/association.ts";
import { exactContext, storeContexts, transcodingTargets } from "./store-scu-contexts.ts";

const implicit = "1.2.840.10008.1.2";
const explicit = "1.2.840.10008.1.2.1";
const bigEndian = "1.2.840.10008.1.2.2";
const jpegLossless = "1.2.840.10008.1.2.4.70";
const rle = "1.2.840.10008.1.2.5";
const ct = { SOPClassUID: "1.2.840.10008.5.1.4.1.1.2", transferSyntaxUID: explicit };
const mr = { SOPClassUID: "1.2.840.10008.5.1.4.1.1.4", transferSyntaxUID: jpegLossless };

const options = (allowTranscoding: boolean, preferredTransferSyntax = explicit) => ({
  allowTranscoding,
  preferredTransferSyntax,
});
const proposed = (abstractSyntax: string, ...transferSyntaxes: string[]) => ({ abstractSyntax, transferSyntaxes });

describe("storeContexts", () => {
  it("proposes each stored transfer syntax alone, then what may be transcoded to", () => {
    expect(storeContexts([ct, mr, { ...mr, transferSyntaxUID: explicit }], options(true))).toEqual([
      proposed(ct.SOPClassUID, explicit),
      proposed(ct.SOPClassUID, implicit, bigEndian),
      proposed(mr.SOPClassUID, jpegLossless),
      proposed(mr.SOPClassUID, explicit),
      proposed(mr.SOPClassUID, implicit, bigEndian),
    ]);
  });

  it("proposes the preferred transfer syntax", () => {
    expect(storeContexts([ct], options(true, rle))).toEqual([
      proposed(ct.SOPClassUID, explicit),
      proposed(ct.SOPClassUID, rle),
      proposed(ct.SOPClassUID, implicit, bigEndian),
    ]);
  });

  it("proposes only what is stored when nothing may be transcoded", () => {
    expect(storeContexts([ct, mr], options(false))).toEqual([
      proposed(ct.SOPClassUID, explicit),
      proposed(mr.SOPClassUID, jpegLossless),
    ]);
  });

  it("never proposes more than 128 contexts, those of the first instance among them", () => {
    const many = Array.from({ length: 200 }, (_, at) => ({ ...ct, SOPClassUID: `1.2.${at}` }));
    const contexts = storeContexts([mr, ...many], options(true));
    expect(contexts).toHaveLength(128);
    expect(contexts[0]).toEqual(proposed(mr.SOPClassUID, jpegLossless));
  });
});

const accepted = (abstractSyntax: string, transferSyntaxUID: string, id: number): PresentationContext => ({
  id,
  abstractSyntax,
  transferSyntaxUID,
  requestorIsSCU: true,
  requestorIsSCP: false,
});

describe("accepted contexts", () => {
  const contexts = [
    accepted(ct.SOPClassUID, implicit, 1),
    accepted(ct.SOPClassUID, rle, 3),
    accepted(ct.SOPClassUID, explicit, 5),
    accepted(mr.SOPClassUID, implicit, 7),
  ];

  it("are chosen by class and transfer syntax", () => {
    expect(exactContext(contexts, ct)?.id).toBe(5);
    expect(exactContext(contexts, mr)).toBeUndefined();
  });

  it.each([
    { preferred: rle, targets: [rle, implicit, explicit] },
    { preferred: explicit, targets: [explicit, implicit] },
    { preferred: jpegLossless, targets: [implicit, explicit] },
  ])("are what is transcoded to: $preferred first if it was accepted", ({ preferred, targets }) => {
    expect(transcodingTargets(contexts, ct, options(true, preferred))).toEqual(targets);
  });
});
