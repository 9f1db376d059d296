import { createGzip } from "node:zlib";
import { throughStream } from "../archive/compression.ts";
import { type ExportedFileParts, openTranscoded } from "../archive/export/exported-files.ts";
import type { JobType, Progress } from "../jobs/job.ts";
import { ServerError } from "../util/errors.ts";
import { counted } from "./counted.ts";
import type { PeerClient } from "./peer-client.ts";
import { peerStoreContent, type PeerStoreState } from "./peer-store-state.ts";
import type { Peers } from "./peers.ts";
import { restartedSending } from "./sending-state.ts";

export interface PeerStoreJobParts extends ExportedFileParts {
  readonly client: Pick<PeerClient, "send">;
  readonly peers: Pick<Peers, "get">;
}

/**
 * The job that uploads instances to a peer, one after the other: after each the state says how far it is, so that the job can be
 * paused, cancelled, and go on after a restart. Uploading an instance again is harmless.
 */
export function peerStoreJob(parts: PeerStoreJobParts): JobType<PeerStoreState> {
  return {
    type: "OrthancPeerStore",
    run: (state, signal) => run(parts, state, signal),
    describe: (state) => peerStoreContent(state, parts.peers.get(state.peer)),
    restart: restartedSending,
  };
}

async function* run(
  parts: PeerStoreJobParts,
  saved: PeerStoreState,
  signal: AbortSignal,
): AsyncGenerator<Progress<PeerStoreState>, void, void> {
  let state = saved;
  for (const publicId of saved.instances.slice(saved.position)) {
    const { sent, failure } = await attempt(parts, state, publicId, signal);
    signal.throwIfAborted();
    const failed = failure === undefined ? state.failed : [...state.failed, publicId];
    state = { ...state, position: state.position + 1, size: state.size + sent, failed };
    yield { state, fraction: state.position / state.instances.length };
    if (failure !== undefined && !state.permissive) throw failure.error;
  }
}

interface Attempted {
  /** Bytes. */
  readonly sent: number;
  /** Why the instance was not stored. */
  readonly failure?: { readonly error: unknown };
}

async function attempt(
  parts: PeerStoreJobParts,
  state: PeerStoreState,
  publicId: string,
  signal: AbortSignal,
): Promise<Attempted> {
  let sent = 0;
  const body = async function* (): AsyncGenerator<Uint8Array, void, void> {
    sent = 0;
    const file = await openTranscoded(parts, publicId, state.transcode ?? undefined);
    if (file === undefined) throw new ServerError("UnknownResource", `the instance ${publicId} went away`);
    const data = state.compress ? throughStream(file.stream, createGzip()) : file.stream;
    yield* counted(data, (bytes) => {
      sent += bytes;
    });
  };
  const headers = { "content-type": "application/dicom", ...(state.compress ? { "content-encoding": "gzip" } : {}) };
  try {
    const response = await parts.client.send(state.peer, { method: "POST", path: "instances", headers, body, signal });
    await response.discard();
    return { sent };
  } catch (error) {
    return { sent, failure: { error } };
  }
}
