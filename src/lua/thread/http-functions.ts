import type { HostMethod } from "../protocol.ts";
import { headersAt, requiredText } from "./arguments.ts";
import type { AskHost } from "./interpreter.ts";
import type { LuaFunction } from "./lua-state.ts";

/**
 * `HttpGet(url, headers)`, `HttpPost(url, body, headers)`, `HttpPut`, `HttpDelete`, and what `SetHttpCredentials` and `SetHttpTimeout` set for
 * those that follow. As in Orthanc the answer is nil when no server answered, and empty when it answered with an error.
 */
export function httpFunctions(ask: AskHost, report: (text: string) => void): Readonly<Record<string, LuaFunction>> {
  let credentials: { readonly username: string; readonly password: string } | undefined;
  let timeout: number | undefined;
  const http =
    (name: string, method: HostMethod): LuaFunction =>
    (stack) => {
      const url = stack.text(1);
      if (url === undefined) {
        report(`${name} needs a URL as its first argument`);
        stack.push(null);
        return;
      }
      const bodyAt = method === "GET" || method === "DELETE" ? undefined : 2;
      const headers = headersAt(stack, bodyAt === undefined ? 2 : 3);
      const body = bodyAt === undefined ? undefined : (stack.bytes(bodyAt) ?? Buffer.alloc(0));
      try {
        const answer = ask({ kind: "http", method, url, body, headers, credentials, timeout });
        const isRefused = answer === false;
        if (method === "DELETE") stack.push(isRefused ? null : "SUCCESS");
        else stack.push(isRefused ? "" : answer);
      } catch (error) {
        report(`${name}: ${error instanceof Error ? error.message : String(error)}`);
        stack.push(null);
      }
    };
  return {
    HttpGet: http("HttpGet", "GET"),
    HttpPost: http("HttpPost", "POST"),
    HttpPut: http("HttpPut", "PUT"),
    HttpDelete: http("HttpDelete", "DELETE"),
    SetHttpCredentials: (stack) => {
      credentials = {
        username: requiredText(stack, 1, "a name"),
        password: requiredText(stack, 2, "a password"),
      };
    },
    SetHttpTimeout: (stack) => {
      const seconds = stack.number(1);
      if (!Number.isInteger(seconds) || seconds < 0) throw new Error("argument 1 must be a number of seconds");
      timeout = seconds === 0 ? undefined : seconds;
    },
  };
}
