import type { RequestHandler } from "../dimse/association.ts";
import { statuses } from "../dimse/statuses.ts";

/** Answers C-ECHO (PS3.4 §A). */
export const echo: RequestHandler = async function* () {
  yield { command: { Status: statuses.success } };
};
