import { describe, expect, test } from "vitest";
import type { AssociationIndication } from "../dimse/listen.ts";
import { associationPolicy, type AssociationPolicyParts } from "./association-policy.ts";

const asked: AssociationIndication = {
  callingAet: "CT1",
  calledAet: "GREYHAVEN",
  remoteIp: "192.0.2.1",
  contexts: [],
  peerImplementation: { classUid: "1.2.3", versionName: "" },
  userIdentity: undefined,
};

function decisionOn(indication: Partial<AssociationIndication>, parts: Partial<AssociationPolicyParts> = {}) {
  const decide = associationPolicy({
    title: "Greyhaven",
    checkCalledAet: true,
    strictAetComparison: false,
    access: { mayConnect: () => true },
    policyOf: () => undefined,
    ...parts,
  });
  return decide({ ...asked, ...indication });
}

/** Reasons of PS3.8 Table 9-21, source 1 (service user). */
describe("an association", () => {
  test.each([
    { what: "is accepted", decision: decisionOn({}) },
    { what: "is accepted with spaces around the titles", decision: decisionOn({ calledAet: " GREYHAVEN  " }) },
    {
      what: "is accepted under any title unless that is checked",
      decision: decisionOn({ calledAet: "X" }, { checkCalledAet: false }),
    },
  ])("$what", ({ decision }) => {
    expect(decision.accept).toBe(true);
  });

  test.each([
    { what: "another title is called", decision: decisionOn({ calledAet: "OTHER" }), reason: 7 },
    {
      what: "the case of the title differs and matters",
      decision: decisionOn({}, { strictAetComparison: true }),
      reason: 7,
    },
    { what: "the caller is not known", decision: decisionOn({}, { access: { mayConnect: () => false } }), reason: 3 },
  ])("is rejected for good when $what", ({ decision, reason }) => {
    expect(decision).toMatchObject({ accept: false, result: 1, source: 1, reason });
  });

  test("is judged by the titles without their spaces", () => {
    const seen: string[] = [];
    const mayConnect = ({ callingAet }: { readonly callingAet: string }): boolean => seen.push(callingAet) > 0;
    decisionOn({ callingAet: "  CT1 " }, { access: { mayConnect } });
    expect(seen).toEqual(["CT1"]);
  });
});
