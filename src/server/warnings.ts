import type { TagWarning } from "../archive/tag-warnings.ts";
import type { Configuration } from "../config/options.ts";
import type { CodecPool } from "../pixels/codec-pool.ts";
import { ServerError } from "../util/errors.ts";
import type { Log } from "../util/log.ts";

/** Logs a warning, unless `Warnings` switches it off. */
export type ServerWarn = (warning: TagWarning | "W003_DecoderFailure", text: string) => void;

/** Different warnings that are remembered: what was logged is not logged again. */
const mostRemembered = 1000;

export function createWarn({ Warnings }: Pick<Configuration, "Warnings">, log: Log): ServerWarn {
  const told = new Set<string>();
  return (warning, text) => {
    if (!Warnings[warning] || told.has(text)) return;
    if (told.size === mostRemembered) told.clear();
    told.add(text);
    log.warn(`${warning.slice(0, 4)}: ${text}`);
  };
}

/** The pool, with a warning about frames that cannot be decoded. */
export function warnOfFailures(pool: Pick<CodecPool, "run">, warn: ServerWarn): Pick<CodecPool, "run"> {
  return {
    async run(task, ...rest) {
      try {
        return await pool.run(task, ...rest);
      } catch (error) {
        if (error instanceof ServerError && task.encodedIn !== undefined) {
          warn("W003_DecoderFailure", `a frame in ${task.encodedIn} is not shown: ${error.details ?? error.message}`);
        }
        throw error;
      }
    },
  };
}
