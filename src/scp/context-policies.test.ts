import { describe, expect, test } from "vitest";
import { createAcceptedSopClasses, type SopClassOptions } from "./accepted-sop-classes.ts";
import { createAcceptedTransferSyntaxes } from "./accepted-transfer-syntaxes.ts";
import { contextPolicies } from "./context-policies.ts";

const implicit = "1.2.840.10008.1.2";
const explicit = "1.2.840.10008.1.2.1";
const bigEndian = "1.2.840.10008.1.2.2";
const jpegBaseline = "1.2.840.10008.1.2.4.50";
const jpegLossless = "1.2.840.10008.1.2.4.70";
const jpeg2000 = "1.2.840.10008.1.2.4.90";
const CTImageStorage = "1.2.840.10008.5.1.4.1.1.2";
const MRImageStorage = "1.2.840.10008.5.1.4.1.1.4";
const unknownClass = "1.2.3.4";
const worklist = "1.2.840.10008.5.1.4.31";

const known = [CTImageStorage, MRImageStorage];
const all: SopClassOptions = { known, accepted: [], rejected: [], unknownAccepted: false };

function policyFor(
  abstractSyntax: string,
  sopClasses: Partial<SopClassOptions> = {},
  patterns = ["1.2.840.10008.1.*"],
) {
  return contextPolicies({
    transferSyntaxes: createAcceptedTransferSyntaxes(patterns),
    sopClasses: createAcceptedSopClasses({ ...all, ...sopClasses }),
    hasWorklists: false,
  })(abstractSyntax);
}

describe("abstract syntaxes", () => {
  test.each([
    { name: "Verification", uid: "1.2.840.10008.1.1" },
    { name: "patient root FIND", uid: "1.2.840.10008.5.1.4.1.2.1.1" },
    { name: "patient root MOVE", uid: "1.2.840.10008.5.1.4.1.2.1.2" },
    { name: "patient root GET", uid: "1.2.840.10008.5.1.4.1.2.1.3" },
    { name: "study root FIND", uid: "1.2.840.10008.5.1.4.1.2.2.1" },
    { name: "study root MOVE", uid: "1.2.840.10008.5.1.4.1.2.2.2" },
    { name: "study root GET", uid: "1.2.840.10008.5.1.4.1.2.2.3" },
    { name: "storage commitment", uid: "1.2.840.10008.1.20.1" },
  ])("$name is taken in uncompressed transfer syntaxes", ({ uid }) => {
    const policy = policyFor(uid, { accepted: ["1.2.3"] });
    expect(policy?.choose([implicit, bigEndian, explicit])).toBe(explicit);
    expect(policy?.choose([implicit, bigEndian])).toBe(bigEndian);
    expect(policy?.choose([implicit])).toBe(implicit);
    expect(policy?.choose([jpegBaseline])).toBeUndefined();
  });

  test("the patient/study only model is retired", () => {
    expect(policyFor("1.2.840.10008.5.1.4.1.2.3.1")).toBeUndefined();
  });

  test("worklists are taken when something answers", () => {
    const parts = { transferSyntaxes: { list: () => [] }, sopClasses: { has: () => true } };
    expect(contextPolicies({ ...parts, hasWorklists: false })(worklist)).toBeUndefined();
    expect(contextPolicies({ ...parts, hasWorklists: true })(worklist)).toBeDefined();
  });

  test.each([
    { what: "a storage class", uid: CTImageStorage, options: {}, isTaken: true },
    { what: "an unknown class", uid: unknownClass, options: {}, isTaken: false },
    {
      what: "an unknown class when these are taken",
      uid: unknownClass,
      options: { unknownAccepted: true },
      isTaken: true,
    },
    { what: "a listed class", uid: MRImageStorage, options: { accepted: [MRImageStorage] }, isTaken: true },
    {
      what: "a class that is not listed",
      uid: CTImageStorage,
      options: { accepted: [MRImageStorage] },
      isTaken: false,
    },
    {
      what: "a class that is not listed, with unknown ones taken",
      uid: CTImageStorage,
      options: { accepted: [MRImageStorage], unknownAccepted: true },
      isTaken: false,
    },
    { what: "a rejected class", uid: CTImageStorage, options: { rejected: [CTImageStorage] }, isTaken: false },
    {
      what: "an unknown, rejected class",
      uid: unknownClass,
      options: { rejected: ["1.2.*"], unknownAccepted: true },
      isTaken: false,
    },
  ])("$what: $isTaken", ({ uid, options, isTaken }) => {
    expect(policyFor(uid, options) !== undefined).toBe(isTaken);
  });

  test("the peer may be SCP of storage classes, for C-GET, but not of queries", () => {
    expect(policyFor(CTImageStorage)?.roles).toEqual({ scu: true, scp: true });
    expect(policyFor("1.2.840.10008.5.1.4.1.2.2.1")?.roles).toEqual({ scu: true, scp: false });
  });
});

describe("transfer syntaxes of storage", () => {
  test.each([
    { what: "explicit VR little endian goes first", proposed: [jpeg2000, implicit, explicit], chosen: explicit },
    {
      what: "then the order of the standard counts",
      proposed: [jpegLossless, jpegBaseline, implicit],
      chosen: implicit,
    },
    { what: "also among compressed ones", proposed: [jpeg2000, jpegLossless, jpegBaseline], chosen: jpegBaseline },
    { what: "none that the standard does not have", proposed: ["1.2.3"], chosen: undefined },
  ])("$what", ({ proposed, chosen }) => {
    expect(policyFor(CTImageStorage)?.choose(proposed)).toBe(chosen);
  });

  test("only accepted ones are taken", () => {
    const policy = policyFor(CTImageStorage, {}, ["1.2.840.10008.1.2.4.9?"]);
    expect(policy?.choose([explicit, implicit, jpeg2000])).toBe(jpeg2000);
    expect(policy?.choose([explicit, implicit])).toBeUndefined();
  });

  test("they may be changed while the server runs", () => {
    const transferSyntaxes = createAcceptedTransferSyntaxes(["*"]);
    const policy = contextPolicies({ transferSyntaxes, sopClasses: { has: () => true }, hasWorklists: false })(
      CTImageStorage,
    );
    transferSyntaxes.set([implicit]);
    expect(policy?.choose([explicit])).toBeUndefined();
    expect(transferSyntaxes.list()).toEqual([implicit]);
  });

  test.each([
    { family: "Deflated", rejected: ["1.2.840.10008.1.2.1.99"], kept: [explicit] },
    {
      family: "Jpeg",
      rejected: [jpegBaseline, "1.2.840.10008.1.2.4.66", jpegLossless],
      kept: [jpeg2000, "1.2.840.10008.1.2.4.80"],
    },
    { family: "Jpeg2000", rejected: [jpeg2000, "1.2.840.10008.1.2.4.93"], kept: [jpegBaseline] },
    { family: "JpegLossless", rejected: ["1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81"], kept: [jpegLossless] },
    { family: "Jpip", rejected: ["1.2.840.10008.1.2.4.94", "1.2.840.10008.1.2.4.95"], kept: [jpeg2000] },
    {
      family: "Mpeg2",
      rejected: ["1.2.840.10008.1.2.4.100", "1.2.840.10008.1.2.4.101"],
      kept: ["1.2.840.10008.1.2.4.102"],
    },
    {
      family: "Mpeg4",
      rejected: ["1.2.840.10008.1.2.4.102", "1.2.840.10008.1.2.4.106"],
      kept: ["1.2.840.10008.1.2.4.107"],
    },
    {
      family: "H265",
      rejected: ["1.2.840.10008.1.2.4.107", "1.2.840.10008.1.2.4.108"],
      kept: ["1.2.840.10008.1.2.4.106"],
    },
    { family: "Rle", rejected: ["1.2.840.10008.1.2.5"], kept: [explicit] },
  ] as const)("the former option of $family turns it off", ({ family, rejected, kept }) => {
    const accepted = createAcceptedTransferSyntaxes(["1.2.840.10008.1.*"], [family]).list();
    expect(accepted).toEqual(expect.arrayContaining([...kept]));
    expect(accepted.filter((uid) => rejected.some((each) => each === uid))).toEqual([]);
  });
});
