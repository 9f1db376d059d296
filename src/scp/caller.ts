import type { Association } from "../dimse/association.ts";

/** The other side of an association, titles without the spaces around them. */
export interface Caller {
  readonly remoteIp: string;
  readonly callingAet: string;
  readonly calledAet: string;
}

/** Spaces around titles are not significant (PS3.5 §6.2). */
export function callerOf({ remoteIp, callingAet, calledAet }: Pick<Association, keyof Caller>): Caller {
  return { remoteIp, callingAet: callingAet.trim(), calledAet: calledAet.trim() };
}
