import { explicitBigEndian, explicitLittleEndian, implicitLittleEndian } from "../dicom/transfer-syntaxes.ts";
import type { ContextPolicy } from "../dimse/listen.ts";
import type { AcceptedSopClasses } from "./accepted-sop-classes.ts";
import type { AcceptedTransferSyntaxes } from "./accepted-transfer-syntaxes.ts";
import { sopClassKind } from "./sop-class-kind.ts";

export interface ContextPolicyParts {
  readonly transferSyntaxes: Pick<AcceptedTransferSyntaxes, "list">;
  readonly sopClasses: Pick<AcceptedSopClasses, "has">;
  readonly hasWorklists: boolean;
}

/** What messages without pixel data may be encoded in, in the order of preference that Orthanc has. */
const messageSyntaxes = [explicitLittleEndian.uid, explicitBigEndian.uid, implicitLittleEndian.uid];

const requestorIsScu = { scu: true, scp: false };
const eitherRole = { scu: true, scp: true };

/** What is done with each abstract syntax that a peer proposes. */
export function contextPolicies(parts: ContextPolicyParts): (abstractSyntax: string) => ContextPolicy | undefined {
  const message: ContextPolicy = {
    choose: (proposed) => messageSyntaxes.find((uid) => proposed.includes(uid)),
    roles: requestorIsScu,
  };
  const commitment: ContextPolicy = { ...message, roles: eitherRole };
  // Of the accepted ones explicit VR little endian comes first: what the peer has uncompressed needs no other.
  const storage: ContextPolicy = {
    choose: (proposed) => {
      const accepted = parts.transferSyntaxes.list();
      const explicit = explicitLittleEndian.uid;
      if (proposed.includes(explicit) && accepted.includes(explicit)) return explicit;
      return accepted.find((uid) => proposed.includes(uid));
    },
    roles: eitherRole,
  };
  return (abstractSyntax) => {
    const kind = sopClassKind(abstractSyntax);
    if (kind === undefined || kind === "Storage") return parts.sopClasses.has(abstractSyntax) ? storage : undefined;
    if (kind === "Worklist" && !parts.hasWorklists) return undefined;
    return kind === "StorageCommitment" ? commitment : message;
  };
}
