import type { HttpRequest } from "../http/route.ts";
import { ServerError } from "../util/errors.ts";

/** The frame in the path, counted from 0; 0 for routes of the whole instance; undefined when it is no number. */
export function frameNumber({ parameters: { frame } }: Pick<HttpRequest, "parameters">): number | undefined {
  if (frame === undefined) return 0;
  return /^\d{1,9}$/.test(frame) ? Number(frame) : undefined;
}

/** The same; throws `ParameterOutOfRange` when it is no number. */
export function checkedFrameNumber(request: Pick<HttpRequest, "parameters">): number {
  const frame = frameNumber(request);
  if (frame !== undefined) return frame;
  throw new ServerError(
    "ParameterOutOfRange",
    `frame: expected a number from 0, found "${request.parameters["frame"]}"`,
  );
}
