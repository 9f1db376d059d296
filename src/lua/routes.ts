import { readText } from "../http/body.ts";
import { text } from "../http/reply.ts";
import type { Route } from "../http/route.ts";
import type { LuaResult } from "./protocol.ts";

/** `/tools/execute-script`; `run`: undefined unless `ExecuteLuaEnabled`. */
export function luaRoutes(run: ((script: string) => Promise<LuaResult>) | undefined): readonly Route[] {
  return [
    {
      method: "POST",
      path: "/tools/execute-script",
      tag: "System",
      summary: "Run the Lua script that is the body; the answer is what it prints",
      async handle(request) {
        if (run === undefined) return { status: 403, body: "" };
        return text((await run(await readText(request))).printed);
      },
    },
  ];
}
