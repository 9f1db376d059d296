import type { PresentationContext } from "./association.ts";
import type { ProposedContext } from "./connect.ts";
import type { ContextPolicy } from "./listen.ts";
import {
  contextResults,
  type AnsweredPresentationContext,
  type AssociateRequestPdu,
  type RoleSelection,
} from "./pdu.ts";

/** What an acceptor answers to the presentation contexts of an A-ASSOCIATE-RQ, and what it can work with then. */
export interface AcceptedContexts {
  readonly answers: readonly AnsweredPresentationContext[];
  readonly roles: readonly RoleSelection[];
  readonly contexts: readonly PresentationContext[];
}

/** The presentation contexts of an A-ASSOCIATE-RQ with their roles (PS3.7 §D.3.3.4). */
export function proposedContexts(request: AssociateRequestPdu): readonly ProposedContext[] {
  const roles = roleMap(request.user.roles);
  return request.contexts.map(({ abstractSyntax, transferSyntaxes }) => {
    const role = roles.get(abstractSyntax);
    return { abstractSyntax, transferSyntaxes, ...(role && { roles: { scu: role.scu, scp: role.scp } }) };
  });
}

/** Answers each presentation context as the policy of its abstract syntax says (PS3.8 Table 9-18, PS3.7 §D.3.3.4). */
export function acceptContexts(
  request: AssociateRequestPdu,
  policyOf: (abstractSyntax: string) => ContextPolicy | undefined,
): AcceptedContexts {
  const proposed = roleMap(request.user.roles);
  const answers: AnsweredPresentationContext[] = [];
  const roles = new Map<string, RoleSelection>();
  const contexts: PresentationContext[] = [];
  for (const { id, abstractSyntax, transferSyntaxes } of request.contexts) {
    const policy = policyOf(abstractSyntax);
    const transferSyntaxUID = policy?.choose(transferSyntaxes);
    const role = grantedRole(proposed.get(abstractSyntax), policy);
    const answer = (reason: keyof typeof contextResults): void => {
      const transferSyntax = transferSyntaxUID ?? transferSyntaxes[0] ?? "";
      answers.push({ id, result: contextResults[reason], transferSyntax });
    };
    if (policy === undefined) answer("abstract-syntax-not-supported");
    else if (transferSyntaxUID === undefined) answer("transfer-syntaxes-not-supported");
    else if (role !== undefined && !role.scu && !role.scp) answer("user-rejection");
    else {
      answer("acceptance");
      contexts.push({
        id,
        abstractSyntax,
        transferSyntaxUID,
        requestorIsSCU: role?.scu ?? true,
        requestorIsSCP: role?.scp ?? false,
      });
    }
    if (role !== undefined) roles.set(abstractSyntax, role);
  }
  return { answers, roles: [...roles.values()], contexts };
}

function grantedRole(role: RoleSelection | undefined, policy: ContextPolicy | undefined): RoleSelection | undefined {
  if (role === undefined || policy === undefined) return undefined;
  return { sopClassUid: role.sopClassUid, scu: role.scu && policy.roles.scu, scp: role.scp && policy.roles.scp };
}

/** Ids of the presentation contexts that a requestor proposes: 1, 3, 5, … */
export function contextId(index: number): number {
  return 2 * index + 1;
}

/**
 * The presentation contexts that an A-ASSOCIATE-AC accepts of those that were proposed, in the order of the proposal. One that is accepted with a transfer
 * syntax that was not proposed is left out. Roles that were proposed but not answered are the default: the requestor is
 * the SCU.
 */
export function acceptedContexts(
  proposed: readonly ProposedContext[],
  answers: readonly AnsweredPresentationContext[],
  answeredRoles: readonly RoleSelection[],
): readonly PresentationContext[] {
  const roles = roleMap(answeredRoles);
  const answerOf = new Map(answers.map((answer) => [answer.id, answer]));
  return proposed.flatMap((context, index) => {
    const answer = answerOf.get(contextId(index));
    if (answer?.result !== contextResults.acceptance) return [];
    if (!context.transferSyntaxes.includes(answer.transferSyntax)) return [];
    const answered = context.roles === undefined ? undefined : roles.get(context.abstractSyntax);
    return {
      id: answer.id,
      abstractSyntax: context.abstractSyntax,
      transferSyntaxUID: answer.transferSyntax,
      requestorIsSCU: answered === undefined || (answered.scu && context.roles?.scu === true),
      requestorIsSCP: answered !== undefined && answered.scp && context.roles?.scp === true,
    };
  });
}

function roleMap(roles: readonly RoleSelection[]): ReadonlyMap<string, RoleSelection> {
  return new Map(roles.map((role) => [role.sopClassUid, role]));
}

/** How many operations each side may have under way (PS3.7 §D.3.3.3). Infinity: unlimited. */
export interface OperationsWindow {
  /** By the requestor. */
  readonly invoked: number;
  /** By the acceptor. */
  readonly performed: number;
}

export const synchronousWindow: OperationsWindow = { invoked: 1, performed: 1 };

/** The window that an acceptor grants: what was proposed, but no more than `most`. */
export function grantedWindow(proposed: OperationsWindow | undefined, most: number): OperationsWindow | undefined {
  if (proposed === undefined) return undefined;
  const granted = (value: number): number => (value === 0 ? most : Math.min(value, most));
  return { invoked: granted(proposed.invoked), performed: granted(proposed.performed) };
}

/** The window that a requestor has when the answer is this (PS3.7 §D.3.3.3.2). */
export function agreedWindow(answered: OperationsWindow | undefined): OperationsWindow {
  if (answered === undefined) return synchronousWindow;
  return { invoked: agreed(answered.invoked), performed: agreed(answered.performed) };
}

function agreed(value: number): number {
  return value === 0 ? Number.POSITIVE_INFINITY : value;
}
