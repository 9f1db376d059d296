import { pipeline } from "node:stream";
import { createGzip } from "node:zlib";
import type { FindFrames, StoredFrames } from "../archive/stored-frames.ts";
import { json, notFound, stream } from "../http/reply.ts";
import type { HttpRequest, Reply, Route } from "../http/route.ts";
import { ServerError } from "../util/errors.ts";
import { frameNumber } from "./frame-number.ts";

/** Media types of frames that browsers know, by transfer syntax. */
const mediaTypes: Readonly<Record<string, string>> = {
  "1.2.840.10008.1.2.4.50": "image/jpeg",
  "1.2.840.10008.1.2.4.90": "image/jp2",
  "1.2.840.10008.1.2.4.91": "image/jp2",
};

/** `/instances/{id}/frames` and the bytes of frames as they are stored. */
export function framesRoutes({ findFrames }: { readonly findFrames: FindFrames }): readonly Route[] {
  const tag = "instances";
  const path = "/instances/{id}/frames";
  return [
    {
      method: "GET",
      path,
      tag,
      summary: "Numbers of the frames, from 0",
      handle: async ({ parameters: { id = "" } }) =>
        json(Array.from({ length: await countFrames(findFrames, id) }, (_, frame) => frame)),
    },
    {
      method: "GET",
      path: `${path}/{frame}/raw`,
      tag,
      summary: "The bytes of a frame, compressed as they are stored",
      handle: async (request) => await answerRaw(findFrames, request, rawReply),
    },
    {
      method: "GET",
      path: `${path}/{frame}/raw.gz`,
      tag,
      summary: "The bytes of a frame in gzip",
      handle: async (request) => await answerRaw(findFrames, request, gzipReply),
    },
  ];
}

/** What holds no image counts as one frame. */
async function countFrames(findFrames: FindFrames, id: string): Promise<number> {
  try {
    return (await findFrames(id)).frames.count;
  } catch (error) {
    if (error instanceof ServerError && error.errorName === "InexistentItem") return 1;
    throw error;
  }
}

type FrameReply = (stored: StoredFrames, frame: number) => Reply;

async function answerRaw(findFrames: FindFrames, request: HttpRequest, reply: FrameReply): Promise<Reply> {
  const frame = frameNumber(request);
  return frame === undefined ? notFound() : reply(await findFrames(request.parameters["id"] ?? ""), frame);
}

function rawReply({ frames, transferSyntaxUID }: StoredFrames, frame: number): Reply {
  const type = mediaTypes[transferSyntaxUID] ?? "application/octet-stream";
  return stream(type, frames.read(frame), { length: frames.length(frame) });
}

function gzipReply({ frames }: StoredFrames, frame: number): Reply {
  const gzip = createGzip();
  // A failure ends the stream, and its reader sees it.
  pipeline(frames.read(frame), gzip, () => {});
  return stream("application/gzip", gzip);
}
