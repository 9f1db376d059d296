import { isDeepStrictEqual } from "node:util";
import type { Association, RequestHandler } from "../dimse/association.ts";
import { AssociationError } from "../dimse/association.ts";
import type { Associate, ProposedContext } from "../dimse/connect.ts";
import type { DicomTls } from "../dimse/tls.ts";
import { ServerError } from "../util/errors.ts";
import type { Log } from "../util/log.ts";
import { associationFailure } from "./dicom-failure.ts";
import type { DicomRemote } from "./dicom-remote.ts";

export interface DicomAssociationsParts {
  readonly associate: Associate;
  /** `MaximumPduLength` */
  readonly maximumPduLength: number;
  /** `DicomAssociationCloseDelay`, in seconds; 0: none is kept. */
  readonly closeDelay: number;
  /** Undefined: no certificate is configured. */
  readonly tls: DicomTls | undefined;
  readonly log: Log;
}

/** What an association has to be. */
export interface AssociationNeeds {
  readonly remote: DicomRemote;
  readonly contexts: readonly ProposedContext[];
  /** Answers requests of the other side; such an association is never used again. */
  readonly handle?: RequestHandler;
  /** Gives up the attempt to connect. */
  readonly signal?: AbortSignal;
}

/** An association that is used by one borrower alone. */
export interface LentAssociation {
  readonly association: Association;
  /** It was idle before, so that the other side may have given it up in the meantime. */
  readonly isReused: boolean;
  /** Keeps it for the next borrower, for `closeDelay`; with no request under way. */
  giveBack(): Promise<void>;
}

/** The outgoing associations of this server. */
export interface DicomAssociations {
  /** An idle association that fits, or a new one. Throws `ServerError`. */
  lend(needs: AssociationNeeds): Promise<LentAssociation>;
  /** Releases the idle ones. */
  close(): Promise<void>;
}

interface Idle {
  readonly needs: AssociationNeeds;
  readonly timer: NodeJS.Timeout;
}

/** Associations that are opened when needed and kept for a while when they are idle. */
export function createDicomAssociations(parts: DicomAssociationsParts): DicomAssociations {
  const idle = new Map<Association, Idle>();
  let isClosed = false;

  /** True when it was idle, and is no more. */
  const take = (association: Association): boolean => {
    clearTimeout(idle.get(association)?.timer);
    return idle.delete(association);
  };
  const release = async (association: Association): Promise<void> => {
    if (take(association)) await association.release();
  };
  const giveBack = async (needs: AssociationNeeds, association: Association): Promise<void> => {
    // One that was aborted may take a while to close: the other side may not be reading.
    if (!association.isOpen) return;
    if (isClosed || parts.closeDelay === 0 || needs.handle !== undefined) {
      await association.release();
      return;
    }
    const timer = setTimeout(() => void release(association), parts.closeDelay * 1000).unref();
    idle.set(association, { needs, timer });
  };
  const lent = (needs: AssociationNeeds, association: Association, isReused: boolean): LentAssociation => ({
    association,
    isReused,
    giveBack: () => giveBack(needs, association),
  });

  return {
    async lend(needs) {
      for (const [association, kept] of idle) {
        if (association.isOpen && fits(kept.needs, needs) && take(association))
          return lent(kept.needs, association, true);
      }
      // A modality may take one association at a time.
      const inTheWay = [...idle].filter(([, kept]) => isSamePlace(kept.needs.remote, needs.remote));
      await Promise.all(inTheWay.map(([association]) => release(association)));
      const association = await open(parts, needs);
      // The other side may close it while it is idle.
      void association.ended.then(() => take(association));
      return lent(needs, association, false);
    },
    async close() {
      isClosed = true;
      await Promise.all(Array.from(idle.keys(), release));
    },
  };
}

function isSamePlace(left: DicomRemote, right: DicomRemote): boolean {
  return left.host === right.host && left.port === right.port;
}

function fits(kept: AssociationNeeds, wanted: AssociationNeeds): boolean {
  return (
    wanted.handle === undefined &&
    isDeepStrictEqual(kept.remote, wanted.remote) &&
    wanted.contexts.every((context) => kept.contexts.some((proposed) => isDeepStrictEqual(proposed, context)))
  );
}

async function open(parts: DicomAssociationsParts, { remote, contexts, handle, signal }: AssociationNeeds) {
  const { associate, maximumPduLength, log } = parts;
  const { host, port, callingAet, calledAet, timeout, useDicomTls } = remote;
  if (useDicomTls && parts.tls === undefined) {
    throw new ServerError(
      "SslInitialization",
      `"${calledAet}" wants TLS: expected DicomTlsCertificate and DicomTlsPrivateKey in the configuration`,
    );
  }
  try {
    return await associate({
      host,
      port,
      callingAet,
      calledAet,
      contexts,
      maximumPduLength,
      timeout,
      log,
      ...(useDicomTls && parts.tls !== undefined ? { tls: parts.tls } : {}),
      ...(handle === undefined ? {} : { handle }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    throw associationFailure(error, remote);
  }
}

/**
 * Lends an association to `use` and takes it back. When the other side had given up one that was idle, `use` is called again with a new one:
 * it must be harmless to repeat. Throws `ServerError` for what goes wrong on the network.
 */
export async function withAssociation<Result>(
  associations: DicomAssociations,
  needs: AssociationNeeds,
  use: (association: Association) => Promise<Result>,
): Promise<Result> {
  const lent = await associations.lend(needs);
  try {
    const result = await use(lent.association);
    await lent.giveBack();
    return result;
  } catch (error) {
    if (lent.isReused && isGivenUp(error)) return withAssociation(associations, needs, use);
    // After a refusal the association is as good as before; after anything else a request may still be under way.
    if (error instanceof ServerError) await lent.giveBack();
    else lent.association.abort();
    throw associationFailure(error, needs.remote);
  }
}

/** Whether the other side had closed the association, or closed it at the first request. */
export function isGivenUp(error: unknown): boolean {
  return error instanceof AssociationError && (error.failure === "network" || error.failure === "aborted");
}
