import { randomUUID } from "node:crypto";
import { generateUid } from "../dicom/uid.ts";
import { readText } from "../http/body.ts";
import { lastValue } from "../http/query.ts";
import { notFound, text } from "../http/reply.ts";
import type { Reply, Route } from "../http/route.ts";
import { ServerError } from "../util/errors.ts";
import { conformanceStatement, type ConformanceSubject } from "./conformance.ts";
import { currentLocalTime, currentTime } from "./date-time.ts";

/** The character set of files that declare none; it may be changed while the server runs. */
export interface DefaultEncoding {
  get(): string;
  /** False when there is no such encoding. */
  set(name: string): boolean;
}

interface ToolsParts {
  readonly subject: ConformanceSubject;
  readonly defaultEncoding: DefaultEncoding;
}

/** The small tools: identifiers, clocks, the conformance statement, the default encoding. */
export function toolsRoutes(parts: ToolsParts): readonly Route[] {
  const { defaultEncoding, subject } = parts;
  const tag = "System";
  return [
    {
      method: "GET",
      path: "/tools/generate-uid",
      tag,
      summary: "A new DICOM identifier",
      parameters: [{ name: "level", in: "query", type: "string", summary: "patient, study, series or instance" }],
      handle: ({ query }) => newIdentifier(lastValue(query, "level")),
    },
    {
      method: "GET",
      path: "/tools/now",
      tag,
      summary: "The time, UTC",
      handle: () => text(currentTime()),
    },
    {
      method: "GET",
      path: "/tools/now-local",
      tag,
      summary: "The time, in the time zone of the server",
      handle: () => text(currentLocalTime()),
    },
    {
      method: "GET",
      path: "/tools/dicom-conformance",
      tag,
      summary: "The DICOM conformance statement",
      handle: () => text(conformanceStatement(subject)),
    },
    {
      method: "GET",
      path: "/tools/default-encoding",
      tag,
      summary: "Character set of files that declare none",
      handle: () => text(defaultEncoding.get()),
    },
    {
      method: "PUT",
      path: "/tools/default-encoding",
      tag,
      summary: "Change that character set until the server stops",
      async handle(request) {
        const name = (await readText(request)).trim();
        if (defaultEncoding.set(name)) return text(defaultEncoding.get());
        throw new ServerError("ParameterOutOfRange", `"${name}" is no encoding that is known`);
      },
    },
  ];
}

const uidLevels = ["study", "series", "instance"];

/** Orthanc gives patients no UID but a UUID. */
function newIdentifier(level = ""): Reply {
  if (level === "patient") return text(randomUUID());
  return uidLevels.includes(level) ? text(generateUid()) : notFound();
}
