import type { Archive, InstanceUids, Origin } from "../archive/archive.ts";
import { toXmlModel } from "../dicom/xml-model.ts";
import { parseMediaType } from "../http/media-type.ts";
import { readMultipart } from "../http/multipart.ts";
import type { HttpRequest, Reply, Route } from "../http/route.ts";
import { ingestParts } from "../remotes/ingest-parts.ts";
import { ServerError } from "../util/errors.ts";
import type { Log } from "../util/log.ts";
import { jsonModelType, wantsXml, xmlModelType } from "./answer-format.ts";
import { dicomWebUrl } from "./base-url.ts";
import type { DicomWebOptions } from "./options.ts";
import { type FailureReason, stowDataset, type StowItem, stowStatus } from "./stow-result.ts";

const dicomType = "application/dicom";
const multipartType = 'multipart/related; type="application/dicom"';

export interface StowParts {
  readonly archive: Pick<Archive, "ingest">;
  readonly options: DicomWebOptions;
  readonly log: Log;
}

/** STOW-RS (PS3.18 §10.5). */
export function stowRoutes(parts: StowParts): readonly Route[] {
  const handle = async (request: HttpRequest): Promise<Reply> => await store(parts, request);
  const { root } = parts.options;
  return [
    {
      method: "POST",
      path: `${root}studies`,
      tag: "DICOMweb",
      summary: "Store instances (STOW-RS)",
      writes: true,
      handle,
    },
    {
      method: "POST",
      path: `${root}studies/{study}`,
      tag: "DICOMweb",
      summary: "Store instances of one study (STOW-RS)",
      writes: true,
      handle,
    },
  ];
}

interface DicomPart {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Buffer>;
}

async function store({ archive, options, log }: StowParts, request: HttpRequest): Promise<Reply> {
  const { study } = request.parameters;
  const origin: Origin = {
    kind: "Plugins",
    remoteIp: request.remoteIp,
    ...(request.username === undefined ? {} : { username: request.username }),
  };
  const ingest = async (part: DicomPart, body: AsyncIterable<Uint8Array>): Promise<StowItem> => {
    checkPart(part);
    return await storePart(archive, { body, origin, study, log });
  };
  const items: StowItem[] = [];
  for await (const item of ingestParts(dicomParts(request), ingest)) items.push(item);
  if (items.length === 0) throw new ServerError("BadRequest", "STOW-RS: the body has no part");
  return answer(items, request, dicomWebUrl(request, options));
}

async function* dicomParts(request: HttpRequest): AsyncGenerator<DicomPart, void, void> {
  const { type, parameters } = parseMediaType(request.headers["content-type"] ?? "");
  const partType = parseMediaType(parameters["type"] ?? dicomType).type;
  if (type === dicomType) {
    yield { headers: { "content-type": dicomType }, body: request.body };
  } else if (type === "multipart/related" && partType === dicomType) {
    yield* readMultipart(request.body, parameters["boundary"] ?? "");
  } else {
    throw new ServerError(
      "UnsupportedMediaType",
      `STOW-RS: expected ${multipartType}, found "${type}" of "${partType}"`,
    );
  }
}

function checkPart({ headers }: DicomPart): void {
  const { type } = parseMediaType(headers["content-type"] ?? dicomType);
  if (type !== dicomType) {
    throw new ServerError("UnsupportedMediaType", `STOW-RS: expected parts of ${dicomType}, found "${type}"`);
  }
}

interface PartStorage {
  readonly body: AsyncIterable<Uint8Array>;
  readonly origin: Origin;
  /** The only study that is accepted. */
  readonly study: string | undefined;
  readonly log: Log;
}

/** Never rejects: what goes wrong with one instance is said in its item. */
async function storePart(archive: StowParts["archive"], { body, origin, study, log }: PartStorage): Promise<StowItem> {
  let seen: InstanceUids | undefined;
  let wrongStudy = false;
  const accept = (uids: InstanceUids): boolean => {
    seen = uids;
    wrongStudy = study !== undefined && uids.StudyInstanceUID !== study;
    return !wrongStudy;
  };
  try {
    const { status, uids } = await archive.ingest(body, origin, { accept });
    if (wrongStudy) return { stored: false, reason: "processingFailure", wrongStudy, uids };
    return status === "StorageFull"
      ? { stored: false, reason: "outOfResources", wrongStudy, uids }
      : { stored: true, uids };
  } catch (error) {
    log.error(`STOW-RS: cannot store an instance: ${error instanceof Error ? error.message : String(error)}`);
    return { stored: false, reason: reasonOf(error), wrongStudy, uids: seen };
  }
}

function reasonOf(error: unknown): FailureReason {
  const name = error instanceof ServerError ? error.errorName : "InternalError";
  if (name === "FullStorage") return "outOfResources";
  return name === "BadFileFormat" || name === "InexistentTag" ? "cannotUnderstand" : "processingFailure";
}

function answer(items: readonly StowItem[], request: HttpRequest, base: string): Reply {
  const dataset = stowDataset(items, base);
  const status = stowStatus(items);
  return wantsXml(request.headers.accept)
    ? { status, type: xmlModelType, body: toXmlModel(dataset) }
    : { status, type: jsonModelType, body: JSON.stringify(dataset) };
}
