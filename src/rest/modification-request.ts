import { defaultProfile, isProfileName, profileNames } from "../archive/anonymize/profiles.ts";
import { withContent } from "../archive/create-dicom/replaced-content.ts";
import type { Options } from "../archive/modify/modification-order.ts";
import type { ModificationRequest } from "../archive/modify/request.ts";
import { parseTag } from "../dicom/dictionary.ts";
import type { Tag } from "../dicom/tag.ts";
import { readJson } from "../http/body.ts";
import type { HttpRequest, RouteParameter } from "../http/route.ts";
import { type JobRequest, parseJobRequest } from "../jobs/job-request.ts";
import type { CodecPool } from "../pixels/codec-pool.ts";
import { ServerError } from "../util/errors.ts";
import { type BodyReader, isObject, readBodyFields } from "./body-fields.ts";
import { originOf } from "./request-origin.ts";
import { transcodingFields, transcodingOfBody } from "./transcode-request.ts";

const PatientName: Tag = 0x00100010;

/** The body of a request to modify, anonymise, split or merge. */
export interface ModificationBody {
  /** Fields of a wrong type are `BadFileFormat`, as in Orthanc. */
  readonly fields: BodyReader;
  /** The same; lists and objects of a wrong type are `BadRequest`. */
  readonly edits: BodyReader;
  readonly job: JobRequest;
}

/** What the configuration says of modifications. */
export interface ModificationDefaults {
  /** `DefaultPrivateCreator` */
  readonly privateCreator: string;
  /** Name and version of this program. */
  readonly software: string;
  /** Runs the JPEG decoder. */
  readonly codecs: Pick<CodecPool, "run">;
}

/** Reads the body, a JSON object. Throws `BadFileFormat`, as Orthanc does here. */
export async function readModificationBody(request: HttpRequest): Promise<ModificationBody> {
  const body = await readJson(request).catch((error: unknown) => {
    if (!(error instanceof ServerError) || error.errorName !== "BadJson") throw error;
    throw new ServerError("BadFileFormat", error.details, { cause: error });
  });
  if (!isObject(body)) throw new ServerError("BadFileFormat", "The body must be a JSON object");
  const fields = readBodyFields(body, "BadFileFormat");
  return { fields, edits: readBodyFields(body), job: parseJobRequest(body) };
}

/** The modification that a body asks for. Throws `BadRequest`, and as `withContent`. */
export async function modificationOf(
  { fields, edits }: ModificationBody,
  { privateCreator, codecs }: ModificationDefaults,
): Promise<ModificationRequest> {
  return {
    replace: await withContent(edits.object("Replace") ?? {}, codecs),
    remove: edits.strings("Remove") ?? [],
    keep: edits.strings("Keep") ?? [],
    removePrivateTags: fields.boolean("RemovePrivateTags", false),
    privateCreator: fields.string("PrivateCreator") ?? privateCreator,
  };
}

/**
 * The anonymisation that a body asks for; `nextName` makes the PatientName. Throws `BadRequest`, and `ParameterOutOfRange` for a
 * profile that is unknown.
 */
export async function anonymizationOf(
  body: ModificationBody,
  defaults: ModificationDefaults,
  nextName: () => Promise<string>,
): Promise<ModificationRequest> {
  const { fields } = body;
  const profile = fields.string("DicomVersion") ?? defaultProfile;
  if (!isProfileName(profile)) {
    const problem = `"DicomVersion": "${profile}" is unknown, expected one of ${profileNames.join(", ")}`;
    throw new ServerError("ParameterOutOfRange", problem);
  }
  const request = await modificationOf(body, defaults);
  // A number that the user's own name would not show is not spent.
  const isNamed = [...Object.keys(request.replace), ...request.keep].some((name) => parseTag(name) === PatientName);
  return {
    ...request,
    removePrivateTags: !fields.boolean("KeepPrivateTags", false),
    anonymization: { profile, patientName: isNamed ? "" : await nextName(), software: defaults.software },
  };
}

/** What the jobs do with originals and results. Throws `BadRequest` and `ParameterOutOfRange`. */
export function derivationOptions(
  request: HttpRequest,
  { fields, job }: ModificationBody,
  keepSource: boolean,
): Options {
  const wanted = transcodingOfBody(fields);
  return {
    keepSource: fields.boolean("KeepSource", keepSource),
    keepLabels: fields.boolean("KeepLabels", false),
    permissive: job.permissive,
    ...(wanted === null ? {} : { wanted }),
    origin: originOf(request),
  };
}

const inBody = (name: string, type: RouteParameter["type"], summary: string): RouteParameter => ({
  name,
  in: "body",
  type,
  summary,
});

export const editFields: readonly RouteParameter[] = [
  inBody("Replace", "object", "New values by tag, or by path: ReferencedImageSequence[0].PatientName"),
  inBody("Remove", "array", "Tags and paths to remove"),
];

/** What modification and anonymisation have in common. */
const modificationFields: readonly RouteParameter[] = [
  ...editFields,
  inBody("Keep", "array", "Tags and paths to leave as they are"),
  inBody("Force", "boolean", "Allow changing PatientID and the UIDs of studies, series and instances (false)"),
  inBody("PrivateCreator", "string", "Creator that private tags in Replace belong to"),
  ...transcodingFields,
];

export const modifyFields: readonly RouteParameter[] = [
  ...modificationFields,
  inBody("RemovePrivateTags", "boolean", "Remove all private tags (false)"),
];

export const anonymizeFields: readonly RouteParameter[] = [
  ...modificationFields,
  inBody("DicomVersion", "string", `Edition of PS3.15 whose Basic Profile is applied: ${profileNames.join(", ")}`),
  inBody("KeepPrivateTags", "boolean", "Keep private tags (false)"),
];

/** What all jobs that make new instances have in common. */
export const derivationFields: readonly RouteParameter[] = [
  inBody("KeepSource", "boolean", "Keep the originals"),
  inBody("Synchronous", "boolean", "Answer when it is done (true)"),
  inBody("Asynchronous", "boolean", "Answer at once with the job"),
  inBody("Priority", "number", "Higher goes first (0)"),
  inBody("Permissive", "boolean", "Go on after an instance that fails (false)"),
  inBody("UserData", "object", "Kept with the job"),
];

export const keepLabelsField: RouteParameter = inBody("KeepLabels", "boolean", "Copy the labels (false)");
export const resourcesField: RouteParameter = inBody("Resources", "array", "Ids of resources");
