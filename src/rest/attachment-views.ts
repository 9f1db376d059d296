import type { Archive, OpenAttachment } from "../archive/archive.ts";
import type { MD5Sums } from "../archive/attachment-sums.ts";
import { sliceStream } from "../archive/byte-slice.ts";
import type { Attachment } from "../catalog/catalog.ts";
import { lastValue } from "../http/query.ts";
import { contentDisposition, json, notFound, stream, text } from "../http/reply.ts";
import type { HttpRequest, Reply } from "../http/route.ts";
import { ServerError } from "../util/errors.ts";
import type { AttachmentTypes } from "./attachment-types.ts";
import { contentRange, parseByteRange } from "./byte-range.ts";
import { attachmentJson } from "./resource-json.ts";

/** An attachment that a client wants to see something of. */
export interface AttachmentView {
  readonly archive: Archive;
  readonly attachmentTypes: AttachmentTypes;
  readonly publicId: string;
  readonly attachment: Attachment;
  readonly request: HttpRequest;
}

interface AttachmentRead {
  readonly summary: string;
  readonly read: (view: AttachmentView) => Reply | Promise<Reply>;
}

/** The reading operations on an attachment, by the last segment of their routes. */
export const attachmentReads: Readonly<Record<string, AttachmentRead>> = {
  data: { summary: "The attachment, uncompressed", read: readData },
  "compressed-data": { summary: "The attachment as it is stored", read: readCompressedData },
  info: {
    summary: "Sizes, MD5 and UUID",
    read: async ({ archive, attachment }) => json(attachmentJson(attachment, await archive.md5(attachment))),
  },
  size: { summary: "Size uncompressed", read: ({ attachment }) => text(String(attachment.uncompressedSize)) },
  "compressed-size": { summary: "Size as stored", read: ({ attachment }) => text(String(attachment.compressedSize)) },
  md5: { summary: "MD5 uncompressed", read: async (view) => textUnlessEmpty((await sums(view)).uncompressed) },
  "compressed-md5": { summary: "MD5 as stored", read: async (view) => textUnlessEmpty((await sums(view)).compressed) },
  "is-compressed": {
    summary: "Whether it is stored compressed: 1 or 0",
    read: ({ attachment }) => text(attachment.compression === 1 ? "0" : "1"),
  },
};

function sums({ archive, attachment }: AttachmentView): Promise<MD5Sums> {
  return archive.md5(attachment);
}

async function readData(view: AttachmentView): Promise<Reply> {
  const { archive, attachment, publicId, request } = view;
  const { type, uncompressedSize, uuid } = attachment;
  const mediaType = view.attachmentTypes.mediaType(type);
  const filename = lastValue(request.query, "filename") ?? `${uuid}${mediaType === "application/dicom" ? ".dcm" : ""}`;
  const headers = { "Content-Disposition": contentDisposition(filename) };
  const { range: header } = request.headers;
  if (header === undefined) {
    const { size, stream: body } = opened(await archive.open(publicId, type), publicId);
    return stream(mediaType, body, { length: size, headers });
  }
  const range = parseByteRange(header, uncompressedSize);
  const { stream: body } = opened(await archive.open(publicId, type, range), publicId);
  return partial(body, range, uncompressedSize);
}

async function readCompressedData({ archive, attachment, publicId, request }: AttachmentView): Promise<Reply> {
  const { type, compressedSize } = attachment;
  const { range: header } = request.headers;
  const range = header === undefined ? undefined : parseByteRange(header, compressedSize);
  const { stream: body, size } = opened(await archive.openRaw(publicId, type), publicId);
  if (range !== undefined) return partial(sliceStream(body, range), range, compressedSize);
  const filename = lastValue(request.query, "filename");
  const headers = filename === undefined ? {} : { "Content-Disposition": contentDisposition(filename) };
  return stream("application/octet-stream", body, { length: size, headers });
}

function partial(body: AsyncIterable<Uint8Array>, range: { start: number; end: number }, size: number): Reply {
  const headers = { "Content-Range": contentRange(range, size) };
  return { ...stream("application/octet-stream", body, { length: range.end - range.start, headers }), status: 206 };
}

/** The row was there a moment ago. */
function opened(attachment: OpenAttachment | undefined, publicId: string): OpenAttachment {
  if (attachment !== undefined) return attachment;
  throw new ServerError("UnknownResource", `The attachment of ${publicId} has just been removed`);
}

function textUnlessEmpty(value: string): Reply {
  return value === "" ? notFound() : text(value);
}
