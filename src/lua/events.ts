import type { Archive, ArchiveEvent } from "../archive/archive.ts";
import type { Level } from "../catalog/catalog.ts";
import type { LocalClient } from "../http/local-client.ts";
import { readJson } from "../http/body.ts";
import type { EventQueue } from "./event-queue.ts";
import { originOf, tagsOf } from "./filters.ts";
import type { LuaThread } from "./lua-thread.ts";
import type { CallbackName, LuaData, Operation } from "./protocol.ts";

export interface LuaEventsParts {
  readonly thread: Pick<LuaThread, "call" | "defines">;
  readonly queue: EventQueue;
  readonly archive: Pick<Archive, "header">;
  readonly ask: LocalClient;
  /** Does what a callback asked for. */
  readonly perform: (operations: readonly Operation[]) => void;
}

const paths = { Patient: "/patients", Study: "/studies", Series: "/series", Instance: "/instances" } as const;

const stable: Readonly<Record<string, CallbackName>> = {
  StablePatient: "OnStablePatient",
  StableStudy: "OnStableStudy",
  StableSeries: "OnStableSeries",
};

/** Queues the callback of an event of the archive, when the scripts have one. */
export function hearArchive(parts: LuaEventsParts, event: ArchiveEvent): void {
  if (event.type === "StoredInstance") {
    const { publicId, tags, origin } = event;
    queueCall(parts, "OnStoredInstance", async () => {
      const header = await parts.archive.header(publicId);
      // When it has gone already, the main tags of the event are left.
      const allTags = header === undefined ? tags : tagsOf(header.dataset);
      return [publicId, allTags, await metadataOf(parts, "Instance", publicId), originOf(origin)];
    });
    return;
  }
  const { level, publicId } = event.resource;
  if (event.type === "Deleted") {
    queueCall(parts, `OnDeleted${level}`, async () => [publicId]);
    return;
  }
  const callback = stable[event.change];
  if (callback !== undefined) {
    queueCall(parts, callback, async () => [
      publicId,
      await mainTagsOf(parts, level, publicId),
      await metadataOf(parts, level, publicId),
    ]);
  } else if (event.change === "UpdatedMetadata" || event.change === "UpdatedAttachment") {
    queueCall(parts, `OnUpdated${level}`, async () => [publicId]);
  }
}

/** Queues the call of a callback that is defined; its arguments are made when its turn has come. */
export function queueCall(
  { thread, queue, perform }: Pick<LuaEventsParts, "thread" | "queue" | "perform">,
  callback: CallbackName,
  args: () => Promise<readonly LuaData[]>,
): void {
  if (!thread.defines(callback)) return;
  queue.add({
    name: callback,
    async run() {
      const { operations } = await thread.call(callback, await args(), "event");
      perform(operations);
    },
  });
}

/** By name; empty when the resource has gone. */
async function metadataOf(parts: LuaEventsParts, level: Level, publicId: string): Promise<LuaData> {
  return askForTable(parts, `${paths[level]}/${publicId}/metadata?expand`);
}

async function mainTagsOf(parts: LuaEventsParts, level: Level, publicId: string): Promise<LuaData> {
  const resource = await askForTable(parts, `${paths[level]}/${publicId}`);
  return resource["MainDicomTags"] ?? {};
}

async function askForTable({ ask }: LuaEventsParts, target: string): Promise<{ readonly [key: string]: LuaData }> {
  try {
    const answer = await ask("GET", target);
    return answer.status === 200 ? ((await readJson(answer)) as { readonly [key: string]: LuaData }) : {};
  } catch {
    return {};
  }
}
