import { randomBytes } from "node:crypto";
import type { Principal } from "./accounts.ts";

/** What a token allows, and to whom. */
export interface Grant {
  readonly principal: Principal;
  readonly scopes: readonly string[];
  /** Milliseconds since 1970 by the emulator's clock. */
  readonly expires: number;
}

/** The access tokens in force. */
export interface IssuedTokens {
  issue(grant: Grant): string;
  /** The grant of a token that is known, not expired and not revoked. */
  find(token: string, now: number): Grant | undefined;
  /** Of one principal, or of all. */
  revoke(principalName?: string): void;
}

export function createIssuedTokens(): IssuedTokens {
  const grants = new Map<string, Grant>();
  return {
    issue(grant) {
      const token = `ya29.c.${randomBytes(96).toString("base64url")}`;
      grants.set(token, grant);
      return token;
    },
    find(token, now) {
      const grant = grants.get(token);
      return grant !== undefined && grant.expires > now ? grant : undefined;
    },
    revoke(principalName) {
      for (const [token, grant] of grants) {
        if (principalName === undefined || grant.principal.name === principalName) grants.delete(token);
      }
    },
  };
}
