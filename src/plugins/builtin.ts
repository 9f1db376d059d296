import type { Plugin } from "../plugin-api.ts";
import google from "./google/plugin.ts";
import housekeeper from "./housekeeper/plugin.ts";
import { serveFolders } from "./serve-folders/serve-folders.ts";
import worklists from "./worklists/plugin.ts";

/** The plugins that are part of the server, in the order in which they start. */
export const builtinPlugins: readonly Plugin[] = [google, serveFolders, worklists, housekeeper];
