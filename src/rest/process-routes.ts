import { emptyObject } from "../http/reply.ts";
import type { Route } from "../http/route.ts";

/** What may be asked of the process; each begins after the answer has gone. */
export interface ProcessControl {
  reset(): void;
  shutdown(): void;
}

/** `/tools/reset` and `/tools/shutdown` */
export function processRoutes(parts: { readonly process: ProcessControl }): readonly Route[] {
  const { process } = parts;
  return [
    {
      method: "POST",
      path: "/tools/reset",
      tag: "System",
      summary: "Restart the server",
      handle() {
        process.reset();
        return emptyObject();
      },
    },
    {
      method: "POST",
      path: "/tools/shutdown",
      tag: "System",
      summary: "Stop the server",
      handle() {
        process.shutdown();
        return emptyObject();
      },
    },
  ];
}
