import { readText } from "../http/body.ts";
import { empty, json, text } from "../http/reply.ts";
import type { Route } from "../http/route.ts";
import { ServerError } from "../util/errors.ts";
import { parseBooleanText } from "./protected-routes.ts";

interface AcceptedParts {
  readonly transferSyntaxes: {
    list(): readonly string[];
    set(patterns: readonly string[]): void;
  };
  readonly sopClasses: {
    list(): readonly string[];
    unknownAccepted(): boolean;
    setUnknownAccepted(accepted: boolean): void;
  };
}

const tag = "System";

/** What the DICOM server takes by C-STORE: to be looked at, and changed until the server stops. */
export function acceptedByDicomRoutes({ transferSyntaxes, sopClasses }: AcceptedParts): readonly Route[] {
  return [
    {
      method: "GET",
      path: "/tools/accepted-transfer-syntaxes",
      tag,
      summary: "Transfer syntaxes that C-STORE takes",
      handle: () => json(transferSyntaxes.list()),
    },
    {
      method: "PUT",
      path: "/tools/accepted-transfer-syntaxes",
      tag,
      summary: "Replace them: an array of UIDs, with wildcards, or a single one as text",
      async handle(request) {
        transferSyntaxes.set(patternsIn(await readText(request)));
        return json(transferSyntaxes.list());
      },
    },
    {
      method: "GET",
      path: "/tools/accepted-sop-classes",
      tag,
      summary: "SOP classes that C-STORE takes",
      handle: () => json(sopClasses.list()),
    },
    {
      method: "GET",
      path: "/tools/unknown-sop-class-accepted",
      tag,
      summary: "Whether C-STORE takes unknown SOP classes: 1 or 0",
      handle: () => text(sopClasses.unknownAccepted() ? "1" : "0"),
    },
    {
      method: "PUT",
      path: "/tools/unknown-sop-class-accepted",
      tag,
      summary: "Take unknown SOP classes (body 1), or no longer (0)",
      async handle(request) {
        sopClasses.setUnknownAccepted(parseBooleanText(await readText(request)));
        return empty();
      },
    },
  ];
}

function patternsIn(body: string): readonly string[] {
  const plain = body.trim();
  if (/^[\d.*?]*[.*?][\d.*?]*$/.test(plain)) return [plain];
  const parsed = parsedJson(plain);
  const patterns = typeof parsed === "string" ? [parsed] : parsed;
  if (Array.isArray(patterns) && patterns.every((pattern) => typeof pattern === "string")) return patterns;
  throw new ServerError("BadFileFormat", "The body must be a UID, or an array of UIDs");
}

function parsedJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
