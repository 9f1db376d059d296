import { describe, expect, it } from "vitest";
import { rawRequest } from "../../test/dimse/raw-peer.ts";
import type { ProposedContext } from "./connect.ts";
import type { ContextPolicy } from "./listen.ts";
import { acceptContexts, acceptedContexts, agreedWindow, grantedWindow, proposedContexts } from "./negotiation.ts";
import type { AssociateRequestPdu, RoleSelection } from "./pdu.ts";

const implicit = "1.2.840.10008.1.2";
const explicit = "1.2.840.10008.1.2.1";
const ct = "1.2.840.10008.5.1.4.1.1.2";
const mr = "1.2.840.10008.5.1.4.1.1.4";

function request(
  contexts: readonly (readonly [id: number, abstractSyntax: string, ...transferSyntaxes: string[]])[],
  roles: readonly RoleSelection[] = [],
): AssociateRequestPdu {
  return {
    ...rawRequest,
    contexts: contexts.map(([id, abstractSyntax, ...transferSyntaxes]) => ({ id, abstractSyntax, transferSyntaxes })),
    user: { ...rawRequest.user, roles },
  };
}

/** Takes explicit VR little endian only, of CT only, in the roles given. */
const ctPolicy = (roles = { scu: true, scp: true }) => {
  const policy: ContextPolicy = { choose: (proposed) => proposed.find((uid) => uid === explicit), roles };
  return (abstractSyntax: string) => (abstractSyntax === ct ? policy : undefined);
};

describe("an acceptor's answer to presentation contexts (PS3.8 Table 9-18)", () => {
  it("accepts, or says what is not supported", () => {
    const { answers, contexts } = acceptContexts(
      request([
        [1, ct, implicit, explicit],
        [3, mr, explicit],
        [5, ct, implicit],
        [7, ct],
      ]),
      ctPolicy(),
    );
    expect(answers).toEqual([
      { id: 1, result: 0, transferSyntax: explicit },
      { id: 3, result: 3, transferSyntax: explicit },
      { id: 5, result: 4, transferSyntax: implicit },
      { id: 7, result: 4, transferSyntax: "" },
    ]);
    expect(contexts).toEqual([
      { id: 1, abstractSyntax: ct, transferSyntaxUID: explicit, requestorIsSCU: true, requestorIsSCP: false },
    ]);
  });

  it.each([
    // What the requestor proposes, what the policy grants, what is answered (PS3.7 Table D.3-11), result of the context.
    [{ scu: true, scp: true }, { scu: true, scp: true }, { scu: true, scp: true }, 0],
    [{ scu: false, scp: true }, { scu: true, scp: true }, { scu: false, scp: true }, 0],
    [{ scu: true, scp: true }, { scu: true, scp: false }, { scu: true, scp: false }, 0],
    [{ scu: true, scp: false }, { scu: true, scp: true }, { scu: true, scp: false }, 0],
    [{ scu: false, scp: true }, { scu: true, scp: false }, { scu: false, scp: false }, 1],
  ])("of the roles %j it grants what %j allows: %j", (proposed, granted, answered, result) => {
    const sopClassUid = ct;
    const { answers, roles, contexts } = acceptContexts(
      request([[1, ct, explicit]], [{ sopClassUid, ...proposed }]),
      ctPolicy(granted),
    );
    expect(roles).toEqual([{ sopClassUid, ...answered }]);
    expect(answers).toMatchObject([{ result }]);
    const accepted = { requestorIsSCU: answered.scu, requestorIsSCP: answered.scp };
    expect(contexts).toMatchObject(result === 0 ? [accepted] : []);
  });

  it("answers the roles of a SOP class once, and none for what it does not know", () => {
    const role = { scu: true, scp: true };
    const { roles } = acceptContexts(
      request(
        [
          [1, ct, explicit],
          [3, ct, implicit, explicit],
          [5, mr, explicit],
        ],
        [
          { sopClassUid: ct, ...role },
          { sopClassUid: mr, ...role },
        ],
      ),
      ctPolicy(),
    );
    expect(roles).toEqual([{ sopClassUid: ct, ...role }]);
  });

  it("tells the roles with the contexts of the indication", () => {
    const role = { scu: false, scp: true };
    expect(proposedContexts(request([[1, ct, explicit]], [{ sopClassUid: ct, ...role }]))).toEqual([
      { abstractSyntax: ct, transferSyntaxes: [explicit], roles: role },
    ]);
    expect(proposedContexts(request([[1, ct, explicit]]))).toEqual([
      { abstractSyntax: ct, transferSyntaxes: [explicit] },
    ]);
  });
});

describe("a requestor's reading of the answer", () => {
  const proposed: readonly ProposedContext[] = [
    { abstractSyntax: ct, transferSyntaxes: [explicit, implicit], roles: { scu: true, scp: true } },
    { abstractSyntax: mr, transferSyntaxes: [explicit] },
  ];

  it("takes what was accepted and had been proposed", () => {
    const contexts = acceptedContexts(
      proposed,
      [
        { id: 1, result: 0, transferSyntax: implicit },
        { id: 3, result: 3, transferSyntax: explicit },
      ],
      [{ sopClassUid: ct, scu: false, scp: true }],
    );
    expect(contexts).toEqual([
      { id: 1, abstractSyntax: ct, transferSyntaxUID: implicit, requestorIsSCU: false, requestorIsSCP: true },
    ]);
  });

  it("leaves out what it did not propose", () => {
    const answers = [
      { id: 3, result: 0, transferSyntax: implicit },
      { id: 5, result: 0, transferSyntax: explicit },
      { id: 0, result: 0, transferSyntax: explicit },
    ];
    expect(acceptedContexts(proposed, answers, [])).toEqual([]);
  });

  it("is the SCU only where roles are not answered, or were not proposed", () => {
    const answers = [
      { id: 1, result: 0, transferSyntax: explicit },
      { id: 3, result: 0, transferSyntax: explicit },
    ];
    const scuOnly = { requestorIsSCU: true, requestorIsSCP: false };
    expect(acceptedContexts(proposed, answers, [])).toMatchObject([scuOnly, scuOnly]);
    const roles = [{ sopClassUid: mr, scu: false, scp: true }];
    expect(acceptedContexts(proposed, answers, roles)).toMatchObject([scuOnly, scuOnly]);
  });
});

describe("the asynchronous operations window (PS3.7 §D.3.3.3)", () => {
  it("is one operation at a time unless it is negotiated", () => {
    expect(grantedWindow(undefined, 8)).toBeUndefined();
    expect(agreedWindow(undefined)).toEqual({ invoked: 1, performed: 1 });
  });

  it("is what was proposed, up to what the acceptor can do; 0 is no limit", () => {
    expect(grantedWindow({ invoked: 3, performed: 20 }, 8)).toEqual({ invoked: 3, performed: 8 });
    expect(grantedWindow({ invoked: 0, performed: 1 }, 8)).toEqual({ invoked: 8, performed: 1 });
    expect(agreedWindow({ invoked: 0, performed: 2 })).toEqual({ invoked: Number.POSITIVE_INFINITY, performed: 2 });
  });
});
