import { textMatcher } from "../util/text-match.ts";

export interface SopClassOptions {
  /** The storage SOP classes that are known. */
  readonly known: readonly string[];
  /** `AcceptedSopClasses`; empty: all that are known. */
  readonly accepted: readonly string[];
  /** `RejectedSopClasses` */
  readonly rejected: readonly string[];
  /** `UnknownSopClassAccepted` at the start. */
  readonly unknownAccepted: boolean;
}

/** The SOP classes that C-STORE takes. */
export interface AcceptedSopClasses {
  has(uid: string): boolean;
  list(): readonly string[];
  unknownAccepted(): boolean;
  setUnknownAccepted(accepted: boolean): void;
}

/** UIDs of the lists may have the wildcards `*` and `?`. */
export function createAcceptedSopClasses(options: SopClassOptions): AcceptedSopClasses {
  const isKnown = new Set(options.known);
  const isListed = anyOf(options.accepted);
  const isRejected = anyOf(options.rejected);
  let { unknownAccepted } = options;
  const takes = (uid: string): boolean => {
    if (isRejected(uid)) return false;
    return options.accepted.length === 0 ? isKnown.has(uid) : isListed(uid);
  };
  return {
    has: (uid) => takes(uid) || (unknownAccepted && !isKnown.has(uid) && !isRejected(uid)),
    list: () => options.known.filter(takes),
    unknownAccepted: () => unknownAccepted,
    setUnknownAccepted: (accepted) => {
      unknownAccepted = accepted;
    },
  };
}

function anyOf(patterns: readonly string[]): (uid: string) => boolean {
  const tests = patterns.map((pattern) => textMatcher({ match: "wildcard", pattern }, true));
  return (uid) => tests.some((test) => test(uid));
}
