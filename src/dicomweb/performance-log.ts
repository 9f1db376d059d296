import type { HttpRequest, Reply, Route } from "../http/route.ts";
import type { Log } from "../util/log.ts";

/** A route that logs how long its answers take, to their last byte or until the client leaves (`EnablePerformanceLogs`). */
export function timed(route: Route, log: Log): Route {
  return {
    ...route,
    async handle(request) {
      const start = performance.now();
      const tell = (): void => log.info(sentence(request, performance.now() - start));
      const reply = await route.handle(request);
      const { body } = reply;
      if (body === undefined || typeof body === "string" || body instanceof Uint8Array) {
        tell();
        return reply;
      }
      return { ...reply, body: toldAtEnd(body, tell) };
    },
  };
}

function sentence({ method, path }: HttpRequest, milliseconds: number): string {
  return `${method} ${path} took ${milliseconds.toFixed(1)} ms`;
}

async function* toldAtEnd(
  body: Extract<NonNullable<Reply["body"]>, AsyncIterable<unknown>>,
  tell: () => void,
): AsyncGenerator<Uint8Array, void, void> {
  try {
    yield* body;
  } finally {
    tell();
  }
}
