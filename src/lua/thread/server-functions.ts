import type { HostMethod } from "../protocol.ts";
import type { AskHost } from "./interpreter.ts";
import type { LuaFunction } from "./lua-state.ts";
import type { LuaStack } from "./lua-stack.ts";
import { headersAt, requiredText } from "./arguments.ts";

/**
 * What the server lets scripts do: `RestApiGet(uri, builtin, headers)`, `RestApiPost(uri, body, builtin, headers)`, …, the configuration, and
 * values that are kept. What the REST API refuses is nil, and reported.
 */
export function serverFunctions(ask: AskHost, report: (text: string) => void): Readonly<Record<string, LuaFunction>> {
  const rest =
    (name: string, method: HostMethod): LuaFunction =>
    (stack) => {
      const [bodyAt, builtinAt] = method === "GET" || method === "DELETE" ? [undefined, 2] : [2, 3];
      const uri = stack.text(1);
      if (uri === undefined) {
        report(`${name} needs a URI as its first argument`);
        stack.push(null);
        return;
      }
      const headers = headersAt(stack, builtinAt + 1);
      const body = bodyAt === undefined ? undefined : stack.bytes(bodyAt);
      try {
        const answer = ask({ kind: "rest", method, uri, body, headers, builtin: stack.boolean(builtinAt) });
        stack.push(method === "DELETE" ? true : answer);
      } catch (error) {
        report(`${name}("${uri}"): ${messageOf(error)}`);
        stack.push(null);
      }
    };
  return {
    RestApiGet: rest("RestApiGet", "GET"),
    RestApiPost: rest("RestApiPost", "POST"),
    RestApiPut: rest("RestApiPut", "PUT"),
    RestApiDelete: rest("RestApiDelete", "DELETE"),
    GetOrthancConfiguration: (stack) => stack.push(ask({ kind: "configuration" })),
    SetStableStatus: (stack) => {
      const resource = requiredText(stack, 1, "the id of a resource");
      stack.push(ask({ kind: "set-stable", resource, stable: stack.boolean(2) }));
    },
    StoreKeyValue: (stack) => {
      ask({ kind: "set-value", ...place(stack), value: requiredText(stack, 3, "a value") });
    },
    GetKeyValue: (stack) => stack.push(ask({ kind: "get-value", ...place(stack) })),
    DeleteKeyValue: (stack) => void ask({ kind: "delete-value", ...place(stack) }),
  };
}

function place(stack: LuaStack): { readonly store: string; readonly key: string } {
  return { store: requiredText(stack, 1, "the name of a store"), key: requiredText(stack, 2, "a key") };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
