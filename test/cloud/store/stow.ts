import type { Reply } from "../http/exchange.ts";
import { readParts } from "../http/multipart-reader.ts";
import { negotiate, notAcceptableText } from "../http/accept.ts";
import { GoogleError } from "../http/google-error.ts";
import { parseMediaType, type MediaType } from "../http/media-type.ts";
import type { StoreOutcome } from "./dicom-store.ts";
import { receive, type Received } from "./receive.ts";
import { stowAnswer, type InstanceResult } from "./stow-answer.ts";
import { headerOf, type StoreRequest } from "./store-request.ts";

const answerTypes = [{ type: "application/dicom+xml" }, { type: "application/dicom+json" }] as const;

/** STOW-RS (PS3.18 §10.5) as Google does it: XML by default, 200 or 409 and never 202. */
export function store(request: StoreRequest): Promise<Reply> {
  return storeParts(request, false);
}

/** `PUT`: the same, but other bytes of the same UIDs are replaced. Only v1beta1 has it. */
export async function upsert(request: StoreRequest): Promise<Reply> {
  if (request.version !== "v1beta1") throw new GoogleError("NOT_FOUND", "Method not found.");
  return storeParts(request, true);
}

async function storeParts(request: StoreRequest, replace: boolean): Promise<Reply> {
  const accept = headerOf(request, "accept");
  const answerType = negotiate(accept, answerTypes);
  if (answerType === undefined) {
    return { status: 406, headers: { "content-type": "text/plain" }, body: notAcceptableText(accept, answerTypes) };
  }
  const results: InstanceResult[] = [];
  for await (const body of bodies(request)) {
    const received = await receive(request.spool, body);
    results.push(await keep(request, received, { replace, number: results.length + 1 }));
  }
  if (results.length === 0) throw new GoogleError("INVALID_ARGUMENT", "the request has no DICOM instances");
  return stowAnswer(request, results, answerType.type);
}

/** The DICOM files of the request, one after the other. */
async function* bodies(request: StoreRequest): AsyncGenerator<AsyncIterable<Buffer>> {
  const type = parseMediaType(headerOf(request, "content-type") ?? "");
  if (type?.type === "application/dicom") {
    yield request.body;
    return;
  }
  for await (const part of readParts(request.body, boundaryOf(type))) {
    const partType = parseMediaType(part.headers.get("content-type") ?? "");
    if (partType?.type !== "application/dicom") {
      throw new GoogleError("INVALID_ARGUMENT", `unsupported part content-type ${part.headers.get("content-type")}`);
    }
    yield part.body;
  }
}

function boundaryOf(type: MediaType | undefined): string {
  if (type?.type !== "multipart/related" || type.parameters.get("type") !== "application/dicom") {
    throw new GoogleError(
      "INVALID_ARGUMENT",
      'unsupported content-type, must be application/dicom or multipart/related; type="application/dicom"',
    );
  }
  const boundary = type.parameters.get("boundary") ?? "";
  // RFC 2046 §5.1.1
  if (!/^[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]$/.test(boundary)) {
    throw new GoogleError("INVALID_ARGUMENT", "the boundary of the multipart content-type is missing or malformed");
  }
  return boundary;
}

interface Manner {
  readonly replace: boolean;
  /** Of the instance within the request, from 1. */
  readonly number: number;
}

async function keep(request: StoreRequest, received: Received, manner: Manner): Promise<InstanceResult> {
  if (!received.good) return { uids: received.uids, problem: received.problem };
  const { uids, SOPClassUID, bytes } = received;
  const refusal = refusalOf(request, received, manner);
  const stored = { ...uids, SOPClassUID, transferSyntaxUID: received.transferSyntaxUID, bytes };
  const outcome =
    refusal === undefined
      ? request.store.put(
          { ...stored, attributes: received.attributes, storedAt: request.settings.now() },
          manner.replace,
        )
      : undefined;
  if (outcome !== "stored" && outcome !== "replaced") await bytes.remove();
  const problem = refusal ?? (outcome === undefined ? undefined : problems(uids)[outcome]);
  return { uids, SOPClassUID, ...(problem === undefined ? {} : { problem }) };
}

function refusalOf(request: StoreRequest, { uids }: Received, manner: Manner): string | undefined {
  const { study } = request.selection;
  if (study !== undefined && study !== uids.StudyInstanceUID) {
    return `StudyInstanceUID ${uids.StudyInstanceUID} does not match the study ${study} of the request`;
  }
  const refused = request.refuseEvery !== undefined && manner.number % request.refuseEvery === 0;
  return refused ? "the instance could not be stored, try again" : undefined;
}

function problems(uids: { readonly SOPInstanceUID: string }): Partial<Record<StoreOutcome, string>> {
  return {
    conflict: `instance ${uids.SOPInstanceUID} already exists but the DICOM files differ (checksum mismatch)`,
    "being-deleted": `instance ${uids.SOPInstanceUID} belongs to a resource that is being deleted`,
  };
}
