import type { Modalities, Modality } from "../remotes/modality.ts";
import type { Caller } from "./caller.ts";

/** What a caller may be allowed: the services by the last part of their options' names, and the option of a modality for each. */
const permissions = {
  Echo: "AllowEcho",
  Find: "AllowFind",
  FindWorklist: "AllowFindWorklist",
  Get: "AllowGet",
  Move: "AllowMove",
  Store: "AllowStore",
  NAction: "AllowNAction",
  EventReport: "AllowEventReport",
} as const satisfies Record<string, keyof Modality>;
export type Permission = keyof typeof permissions;

export interface AccessOptions {
  /** `DicomAlwaysAllow…`: what everybody may do, known or not. */
  readonly alwaysAllowed: ReadonlySet<Permission>;
  /** `DicomCheckModalityHost`: a modality is only recognised when it calls from its address. */
  readonly checkModalityHost: boolean;
  readonly modalities: Pick<Modalities, "byAet">;
}

/** Who may connect, and who may do what. */
export interface Access {
  mayConnect(caller: Caller): boolean;
  may(caller: Caller, permission: Permission): boolean;
}

function callsFrom({ Host }: Modality, remoteIp: string): boolean {
  return Host === remoteIp;
}

/** Access by the lists of modalities and the `DicomAlwaysAllow…` options. */
export function createAccess({ alwaysAllowed, checkModalityHost, modalities }: AccessOptions): Access {
  const known = (caller: Caller): readonly Modality[] =>
    modalities.byAet(caller.callingAet).map(({ modality }) => modality);
  const recognised = (caller: Caller): readonly Modality[] =>
    known(caller).filter((modality) => !checkModalityHost || callsFrom(modality, caller.remoteIp));
  return {
    mayConnect: (caller) => alwaysAllowed.size > 0 || recognised(caller).length > 0,
    may(caller, permission) {
      if (alwaysAllowed.has(permission)) return true;
      const allows = (modality: Modality): boolean => modality[permissions[permission]];
      const candidates = recognised(caller);
      // Of several modalities with one title that disagree, the address tells which is calling.
      if (candidates.length > 0 && candidates.every(allows)) return true;
      return candidates.some((modality) => callsFrom(modality, caller.remoteIp) && allows(modality));
    },
  };
}
