import type { FoundResource } from "../../catalog.ts";

/** A resource of the answer while its parts are put together. */
export type Parts = { -readonly [Key in keyof FoundResource]: FoundResource[Key] };
