import { explicitBigEndian, explicitLittleEndian, implicitLittleEndian } from "../dicom/transfer-syntaxes.ts";
import type { PresentationContext } from "../dimse/association.ts";
import type { ProposedContext } from "../dimse/connect.ts";

/** What decides on the presentation context of an instance. */
export interface InstanceKind {
  readonly SOPClassUID: string;
  readonly transferSyntaxUID: string;
}

export interface NegotiationOptions {
  readonly allowTranscoding: boolean;
  /** `DicomScuPreferredTransferSyntax` */
  readonly preferredTransferSyntax: string;
}

/** At most so many contexts can be proposed (PS3.8 §9.3.2.2). */
const contextsLimit = 128;

/** Uncompressed transfer syntaxes, in the order in which they are proposed. */
const proposedUncompressed = [explicitLittleEndian.uid, implicitLittleEndian.uid, explicitBigEndian.uid];
/** The same, in the order in which they are transcoded to, which is Orthanc's. */
const wantedUncompressed = [implicitLittleEndian.uid, explicitLittleEndian.uid, explicitBigEndian.uid];

/**
 * What is proposed for instances of these kinds, the first ones first as far as there is room: each transfer syntax that they are stored in
 * gets a context of its own, and when they may be transcoded so do the preferred one, and the uncompressed ones together.
 */
export function storeContexts(kinds: readonly InstanceKind[], options: NegotiationOptions): readonly ProposedContext[] {
  const contexts: ProposedContext[] = [];
  for (const [abstractSyntax, stored] of Map.groupBy(kinds, ({ SOPClassUID }) => SOPClassUID)) {
    const alone = new Set(stored.map(({ transferSyntaxUID }) => transferSyntaxUID));
    if (options.allowTranscoding) alone.add(options.preferredTransferSyntax);
    const proposals = Array.from(alone, (uid) => [uid]);
    const together = proposedUncompressed.filter((uid) => !alone.has(uid));
    if (options.allowTranscoding && together.length > 0) proposals.push(together);
    contexts.push(...proposals.map((transferSyntaxes) => ({ abstractSyntax, transferSyntaxes })));
  }
  return contexts.slice(0, contextsLimit);
}

/** The accepted context in which an instance can be sent as it is stored. */
export function exactContext(
  contexts: readonly PresentationContext[],
  { SOPClassUID, transferSyntaxUID }: InstanceKind,
): PresentationContext | undefined {
  return contexts.find(
    (context) => context.abstractSyntax === SOPClassUID && context.transferSyntaxUID === transferSyntaxUID,
  );
}

/** What an instance may be transcoded to for the accepted contexts: the preferred transfer syntax, then uncompressed ones. */
export function transcodingTargets(
  contexts: readonly PresentationContext[],
  { SOPClassUID }: InstanceKind,
  { preferredTransferSyntax }: NegotiationOptions,
): readonly string[] {
  const accepted = new Set(
    contexts
      .filter(({ abstractSyntax }) => abstractSyntax === SOPClassUID)
      .map(({ transferSyntaxUID }) => transferSyntaxUID),
  );
  return [...new Set([preferredTransferSyntax, ...wantedUncompressed])].filter((uid) => accepted.has(uid));
}
