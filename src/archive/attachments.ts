import type { Attachment, Catalog, ResourceReference, RevisionCheck } from "../catalog/catalog.ts";
import type { BlobStorage, ContentType } from "../storage/storage.ts";
import type { Archive } from "./archive.ts";
import type { AttachmentWriter } from "./attachment-writer.ts";
import type { BlobRemoval } from "./blob-removal.ts";
import { compressions } from "./compression.ts";
import type { Events } from "./events.ts";
import type { Headers } from "./headers.ts";
import { firstUserAttachment } from "./metadata-numbers.ts";
import { findAttachment, readUncompressed } from "./read.ts";

export interface AttachmentsParts {
  readonly catalog: Pick<Catalog, "levelOf" | "attachments" | "setAttachment" | "deleteAttachment">;
  readonly storage: BlobStorage;
  readonly writer: AttachmentWriter;
  readonly removal: BlobRemoval;
  readonly events: Events;
  readonly headers: Pick<Headers, "forget">;
}

/** Writing, removing and rewriting single attachments. Blobs go in before their row, and out after it. */
export function attachmentActions(parts: AttachmentsParts): Pick<Archive, "attach" | "detach" | "setCompression"> {
  const { catalog, storage, writer, removal, events, headers } = parts;

  const tell = (resource: ResourceReference, type: ContentType): void => {
    if (type >= firstUserAttachment) events.emit({ type: "Change", change: "UpdatedAttachment", resource });
  };
  const replaced = async (check: RevisionCheck): Promise<void> => {
    if (check.status === "Success" && check.replaced !== undefined) await removal.remove([check.replaced]);
  };

  return {
    async attach(publicId, type, data, expectedRevision) {
      const level = await catalog.levelOf(publicId);
      if (level === undefined) return { status: "UnknownResource" };
      const check = await writer.commit(await writer.stream(type, data), {
        index: (attachment) => catalog.setAttachment(publicId, attachment, expectedRevision),
        isKept: ({ status }) => status === "Success",
      });
      await replaced(check);
      if (check.status === "Success") tell({ level, publicId }, type);
      return check;
    },
    async detach(publicId, type, expectedRevision) {
      const level = await catalog.levelOf(publicId);
      const check = await catalog.deleteAttachment(publicId, type, expectedRevision);
      await replaced(check);
      if (check.status === "Success" && level !== undefined) tell({ level, publicId }, type);
      return check;
    },
    async setCompression(publicId, type, compress) {
      // A writer that comes between the two steps wins, and the new attachment is looked at again.
      for (;;) {
        const attachment = await findAttachment(catalog, publicId, type);
        if (attachment === undefined) return false;
        if ((attachment.compression === compressions.zlib) === compress) return true;
        const check = await rewrite(attachment, publicId, compress);
        headers.forget(publicId);
        await replaced(check);
        if (check.status === "Success") return true;
      }
    },
  };

  async function rewrite(attachment: Attachment, publicId: string, compress: boolean): Promise<RevisionCheck> {
    const data = readUncompressed(storage, attachment);
    return writer.commit(await writer.rewrite(attachment, data, compress), {
      index: (rewritten) => catalog.setAttachment(publicId, rewritten, attachment.revision),
      isKept: ({ status }) => status === "Success",
    });
  }
}
