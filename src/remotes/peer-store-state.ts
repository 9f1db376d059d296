import type { WantedTranscoding } from "../archive/export/exported-files.ts";
import { type Peer, publicPeer } from "./peers.ts";
import { nothingSent, sendingContent, type SendingState } from "./sending-state.ts";

/** The state of an `OrthancPeerStore` job. The peer's passwords are not in it: it is looked up by its name. */
export interface PeerStoreState extends SendingState {
  readonly peer: string;
  /** Send the files in gzip format. */
  readonly compress: boolean;
  /** Null: as stored. */
  readonly transcode: WantedTranscoding | null;
  /** Bytes that were sent. */
  readonly size: number;
}

const megabyte = 1024 * 1024;

/** The state of a new job. */
export function peerStoreState(state: Omit<PeerStoreState, keyof typeof nothingSent | "size">): PeerStoreState {
  return { ...state, ...nothingSent, size: 0 };
}

/** Orthanc's `Content`; `peer` is undefined when it was forgotten meanwhile. */
export function peerStoreContent(state: PeerStoreState, peer: Peer | undefined): Record<string, unknown> {
  const { compress, transcode, size } = state;
  return {
    Description: "REST API",
    ...sendingContent(state),
    ...(peer === undefined ? {} : { Peer: contentOf(peer) }),
    Compress: compress,
    ...(transcode === null ? {} : { Transcode: transcode.transferSyntaxUID }),
    Size: String(size),
    SizeMB: Math.floor(size / megabyte),
  };
}

/** `[url]` for a peer that has nothing else, as Orthanc writes it; of headers the names only. */
function contentOf(peer: Peer): unknown {
  const { HttpHeaders, Password: _, Pkcs11, Timeout, Url, ...others } = publicPeer(peer);
  const isPlain = Object.keys(others).length === 0 && Pkcs11 === false && Timeout === 0;
  if (isPlain && Object.keys(peer.httpHeaders).length === 0) return [Url];
  return { Url, ...others, HttpHeaders, Pkcs11, Timeout };
}
