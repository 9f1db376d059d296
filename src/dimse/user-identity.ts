import type { UserIdentity } from "./association.ts";
import type { UserIdentityItem } from "./pdu.ts";

/** User-Identity-Type (PS3.7 Table D.3-14). */
const types: Readonly<Record<UserIdentity["type"], number>> = {
  Username: 1,
  UsernameAndPasscode: 2,
  Kerberos: 3,
  SAML: 4,
  JWT: 5,
};

export function writeUserIdentity(identity: UserIdentity): UserIdentityItem {
  const { primaryField, secondaryField } = identity;
  return { type: types[identity.type], positiveResponseRequested: false, primaryField, secondaryField };
}

/** Undefined for a type that the standard does not have. */
export function readUserIdentity(item: UserIdentityItem): UserIdentity | undefined {
  const names: readonly UserIdentity["type"][] = ["Username", "UsernameAndPasscode", "Kerberos", "SAML", "JWT"];
  const type = names.find((name) => types[name] === item.type);
  return type && { type, primaryField: item.primaryField, secondaryField: item.secondaryField };
}
