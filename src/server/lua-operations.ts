import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Archive } from "../archive/archive.ts";
import { dicomAttachment } from "../archive/metadata-numbers.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { JobType } from "../jobs/job.ts";
import type { Operation } from "../lua/protocol.ts";
import type { Perform } from "../lua/sequence-job.ts";
import { dicomRemote } from "../remotes/dicom-remote.ts";
import { peerStoreState } from "../remotes/peer-store-state.ts";
import { storeScuState } from "../remotes/store-scu-state.ts";
import type { PeersRoutesParts } from "../rest/peers-routes.ts";
import { recordExports, sentResources } from "../rest/store-request.ts";
import { ServerError } from "../util/errors.ts";
import type { DicomRemotes } from "./dicom-remotes.ts";

export interface LuaOperationsParts {
  readonly archive: Pick<Archive, "open" | "remove">;
  readonly catalog: Pick<Catalog, "find" | "levelOf" | "recordExport">;
  readonly dicomRemotes: Pick<DicomRemotes, "modalities" | "defaults" | "store">;
  readonly peers: Pick<PeersRoutesParts, "client" | "store">;
  /** `TranscodeDicomProtocol` */
  readonly transcodes: boolean;
  /** `LogExportedResources` */
  readonly logExports: boolean;
}

type OperationOf<Kind extends Operation["kind"]> = Extract<Operation, { kind: Kind }>;

/** Does what Lua scripts ask for. A job that sends is run here to its end: one within another could wait for its place for ever. */
export function luaOperations(parts: LuaOperationsParts): Perform {
  return async (operation, signal) => {
    switch (operation.kind) {
      case "store-scu":
        return sendToModality(parts, operation, signal);
      case "store-peer":
        return sendToPeer(parts, operation, signal);
      case "delete":
        if ((await parts.archive.remove(operation.resource)) === undefined) {
          throw new ServerError("UnknownResource", `there is no resource ${operation.resource}`);
        }
        return;
      case "call-system":
        return callSystem(parts, operation, signal);
      default:
        return operation satisfies never;
    }
  };
}

async function sendToModality(
  parts: LuaOperationsParts,
  { resource, modality: name, localAet }: OperationOf<"store-scu">,
  signal: AbortSignal,
): Promise<void> {
  const { modalities, defaults, store } = parts.dicomRemotes;
  const modality = modalities.get(name);
  if (modality === undefined) throw new ServerError("InexistentItem", `no modality is called "${name}"`);
  const state = storeScuState({
    ...(await sentResources(parts.catalog, [resource])),
    target: {
      ...dicomRemote(modality, { LocalAet: localAet }, defaults),
      allowTranscoding: parts.transcodes && modality.AllowTranscoding,
    },
    description: "Lua",
    moveOriginator: null,
    permissive: false,
    commitment: null,
  });
  if (parts.logExports) await recordExports(parts.catalog, name, state.resources);
  await runToItsEnd(store, state, signal);
}

async function sendToPeer(
  parts: LuaOperationsParts,
  { resource, peer }: OperationOf<"store-peer">,
  signal: AbortSignal,
): Promise<void> {
  // Fails at once when the peer is unknown.
  parts.peers.client.peer(peer);
  const state = peerStoreState({
    ...(await sentResources(parts.catalog, [resource])),
    peer,
    compress: false,
    transcode: null,
    permissive: false,
  });
  if (parts.logExports) await recordExports(parts.catalog, peer, state.resources);
  await runToItsEnd(parts.peers.store, state, signal);
}

async function runToItsEnd<State>(type: JobType<State>, state: State, signal: AbortSignal): Promise<void> {
  const steps = type.run(state, signal);
  while (!(await steps.next()).done) signal.throwIfAborted();
}

/** Runs the command with its arguments and, as the last, the path of a file of the instance, which is removed afterwards. */
async function callSystem(
  { archive }: LuaOperationsParts,
  { resource, command, arguments: given }: OperationOf<"call-system">,
  signal: AbortSignal,
): Promise<void> {
  const opened = await archive.open(resource, dicomAttachment);
  if (opened === undefined) throw new ServerError("UnknownResource", `there is no instance ${resource}`);
  const file = join(tmpdir(), `greyhaven-${randomUUID()}.dcm`);
  try {
    await writeFile(file, opened.stream, { mode: 0o600 });
    await promisify(execFile)(command, [...given, file], { signal });
  } catch (cause) {
    throw new ServerError("SystemCommand", `${command}: ${String(cause)}`, { cause });
  } finally {
    await rm(file, { force: true });
  }
}
