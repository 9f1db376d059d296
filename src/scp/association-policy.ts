import type { AssociationDecision, AssociationIndication, ContextPolicy } from "../dimse/listen.ts";
import type { Access } from "./access.ts";
import { callerOf } from "./caller.ts";

export interface AssociationPolicyParts {
  /** `DicomAet` */
  readonly title: string;
  /** `DicomCheckCalledAet` */
  readonly checkCalledAet: boolean;
  /** `StrictAetComparison` */
  readonly strictAetComparison: boolean;
  readonly access: Pick<Access, "mayConnect">;
  readonly policyOf: (abstractSyntax: string) => ContextPolicy | undefined;
}

/** Reasons of a permanent rejection by the service user (PS3.8 Table 9-21). */
const reasons = { callingTitleNotRecognized: 3, calledTitleNotRecognized: 7 } as const;

/** Decides on associations by their titles. */
export function associationPolicy(
  parts: AssociationPolicyParts,
): (asked: AssociationIndication) => AssociationDecision {
  const compared = (title: string): string => (parts.strictAetComparison ? title : title.toUpperCase());
  const ownTitle = compared(parts.title.trim());
  return (asked) => {
    const caller = callerOf(asked);
    if (parts.checkCalledAet && compared(caller.calledAet) !== ownTitle) {
      return rejected("calledTitleNotRecognized", `"${caller.calledAet}" was called: expected "${parts.title}"`);
    }
    if (!parts.access.mayConnect(caller)) {
      return rejected(
        "callingTitleNotRecognized",
        `no modality "${caller.callingAet}" at ${caller.remoteIp} is known, and no option admits unknown ones`,
      );
    }
    return { accept: true, policyOf: parts.policyOf };
  };
}

function rejected(reason: keyof typeof reasons, why: string): AssociationDecision {
  return { accept: false, result: 1, source: 1, reason: reasons[reason], why };
}
