/** PDU-type (PS3.8 §9.3.1). */
export const pduTypes = {
  "A-ASSOCIATE-RQ": 1,
  "A-ASSOCIATE-AC": 2,
  "A-ASSOCIATE-RJ": 3,
  "P-DATA-TF": 4,
  "A-RELEASE-RQ": 5,
  "A-RELEASE-RP": 6,
  "A-ABORT": 7,
} as const;

/** The only application context there is (PS3.7 §A.2.1). */
export const dicomApplicationContext = "1.2.840.10008.3.1.1.1";

/** PS3.7 §D.3.3.4: roles of the association-requestor for one SOP class. */
export interface RoleSelection {
  readonly sopClassUid: string;
  readonly scu: boolean;
  readonly scp: boolean;
}

/** PS3.7 §D.3.3.5; the information belongs to the service class. */
export interface ExtendedNegotiation {
  readonly sopClassUid: string;
  readonly information: Buffer;
}

/** PS3.7 §D.3.3.6. */
export interface CommonExtendedNegotiation {
  readonly sopClassUid: string;
  readonly serviceClassUid: string;
  readonly relatedGeneralSopClassUids: readonly string[];
}

/** PS3.7 §D.3.3.7: types 1 (user name) to 5 (JSON web token). */
export interface UserIdentityItem {
  readonly type: number;
  readonly positiveResponseRequested: boolean;
  readonly primaryField: Buffer;
  readonly secondaryField: Buffer;
}

/** The user information item (PS3.8 §9.3.2.3, PS3.7 Annex D). */
export interface UserInformation {
  /** Largest PDU that the sender of the item wants to receive, in bytes; 0: no limit (PS3.8 §D.1). */
  readonly maximumLength: number;
  readonly implementationClassUid: string;
  readonly implementationVersionName: string;
  /** Absent: 1 and 1 (PS3.7 §D.3.3.3). 0: unlimited. */
  readonly asynchronousWindow: { readonly invoked: number; readonly performed: number } | undefined;
  readonly roles: readonly RoleSelection[];
  readonly extendedNegotiation: readonly ExtendedNegotiation[];
  readonly commonExtendedNegotiation: readonly CommonExtendedNegotiation[];
  /** In an A-ASSOCIATE-RQ. */
  readonly userIdentity: UserIdentityItem | undefined;
  /** In an A-ASSOCIATE-AC. */
  readonly userIdentityResponse: Buffer | undefined;
}

export const emptyUserInformation: UserInformation = {
  maximumLength: 0,
  implementationClassUid: "",
  implementationVersionName: "",
  asynchronousWindow: undefined,
  roles: [],
  extendedNegotiation: [],
  commonExtendedNegotiation: [],
  userIdentity: undefined,
  userIdentityResponse: undefined,
};

export interface ProposedPresentationContext {
  readonly id: number;
  readonly abstractSyntax: string;
  readonly transferSyntaxes: readonly string[];
}

/** Result/Reason of a presentation context (PS3.8 Table 9-18). */
export const contextResults = {
  acceptance: 0,
  "user-rejection": 1,
  "no-reason": 2,
  "abstract-syntax-not-supported": 3,
  "transfer-syntaxes-not-supported": 4,
} as const;

export interface AnsweredPresentationContext {
  readonly id: number;
  readonly result: number;
  /** Without meaning unless accepted. */
  readonly transferSyntax: string;
}

interface AssociatePdu {
  readonly protocolVersion: number;
  /** Without padding. */
  readonly calledAet: string;
  readonly callingAet: string;
  readonly applicationContext: string;
  readonly user: UserInformation;
}

/** PS3.8 §9.3.2. */
export interface AssociateRequestPdu extends AssociatePdu {
  readonly type: "A-ASSOCIATE-RQ";
  readonly contexts: readonly ProposedPresentationContext[];
}

/** PS3.8 §9.3.3. */
export interface AssociateAcceptPdu extends AssociatePdu {
  readonly type: "A-ASSOCIATE-AC";
  readonly contexts: readonly AnsweredPresentationContext[];
}

/** PS3.8 §9.3.4. */
export interface AssociateRejectPdu {
  readonly type: "A-ASSOCIATE-RJ";
  readonly result: number;
  readonly source: number;
  readonly reason: number;
}

/** PS3.8 §9.3.6 and §9.3.7. */
export interface ReleasePdu {
  readonly type: "A-RELEASE-RQ" | "A-RELEASE-RP";
}

/** PS3.8 §9.3.8. Source 0: service-user, 2: service-provider. */
export interface AbortPdu {
  readonly type: "A-ABORT";
  readonly source: number;
  readonly reason: number;
}

/** Every PDU but P-DATA-TF. */
export type ControlPdu = AssociateRequestPdu | AssociateAcceptPdu | AssociateRejectPdu | ReleasePdu | AbortPdu;

/** Reasons of A-ASSOCIATE-RJ that this side gives by itself, all permanent (PS3.8 Table 9-21). */
export const rejections = {
  "protocol-version-not-supported": { result: 1, source: 2, reason: 2 },
  "application-context-name-not-supported": { result: 1, source: 1, reason: 2 },
  "no-reason-given": { result: 1, source: 1, reason: 1 },
} as const;

/** Words for Source and Reason/Diag. of A-ASSOCIATE-RJ (PS3.8 Table 9-21). */
const rejectionReasons: Readonly<Record<string, string>> = {
  "1.1": "no reason given",
  "1.2": "application context name not supported",
  "1.3": "calling AE title not recognized",
  "1.7": "called AE title not recognized",
  "2.1": "no reason given by the service-provider",
  "2.2": "protocol version not supported",
  "3.1": "temporary congestion",
  "3.2": "local limit exceeded",
};

export function describeRejection({ result, source, reason }: AssociateRejectPdu): string {
  const words = rejectionReasons[`${source}.${reason}`] ?? `source ${source}, reason ${reason}`;
  return `${words} (${result === 2 ? "transient" : "permanent"})`;
}
