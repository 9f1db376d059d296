import { booleanArgument } from "../http/query.ts";
import { contentDisposition, empty, emptyObject, json, notFound, stream } from "../http/reply.ts";
import type { Route } from "../http/route.ts";
import type { JobInfo, JobOutput, JobsEngine } from "../jobs/job.ts";
import { errorRow, ServerError } from "../util/errors.ts";
import { utcDateWithFraction } from "./date-time.ts";

/** `/jobs…`: what runs in the background, and how to act on it. */
export function jobsRoutes(parts: { readonly jobs: JobsEngine }): readonly Route[] {
  const { jobs } = parts;
  return [
    {
      method: "GET",
      path: "/jobs",
      tag: "Jobs",
      summary: "Ids of the jobs, or their descriptions",
      parameters: [{ name: "expand", in: "query", type: "boolean", summary: "Descriptions instead of ids" }],
      handle({ query }) {
        const sorted = jobs.list().toSorted((a, b) => (a.id < b.id ? -1 : 1));
        return json(booleanArgument(query, "expand", false) ? sorted.map(jobJson) : sorted.map(({ id }) => id));
      },
    },
    {
      method: "GET",
      path: "/jobs/{id}",
      tag: "Jobs",
      summary: "Description of a job",
      handle({ parameters: { id = "" } }) {
        const job = jobs.get(id);
        return job === undefined ? notFound() : json(jobJson(job));
      },
    },
    {
      method: "DELETE",
      path: "/jobs/{id}",
      tag: "Jobs",
      summary: "Forget a job that has ended",
      handle({ parameters: { id = "" } }) {
        if (jobs.remove(id)) return empty();
        throw new ServerError("InexistentItem", `There is no ended job ${id}`);
      },
    },
    {
      method: "GET",
      path: "/jobs/{id}/{key}",
      tag: "Jobs",
      summary: "A file that a job has made",
      handle({ parameters: { id = "", key = "" } }) {
        const output = outputOf(jobs, id, key);
        const headers = { "Content-Disposition": contentDisposition(output.filename) };
        return stream(output.type, output.read(), { length: output.size, headers });
      },
    },
    {
      method: "DELETE",
      path: "/jobs/{id}/{key}",
      tag: "Jobs",
      summary: "Delete a file that a job has made",
      async handle({ parameters: { id = "", key = "" } }) {
        await outputOf(jobs, id, key).remove();
        return empty();
      },
    },
    ...actions.map(({ name, summary }): Route => ({
      method: "POST",
      path: `/jobs/{id}/${name}`,
      tag: "Jobs",
      summary,
      handle: ({ parameters: { id = "" } }) => (jobs[name](id) ? emptyObject() : { status: 400, body: "" }),
    })),
  ];
}

function outputOf(jobs: JobsEngine, id: string, key: string): JobOutput {
  const output = jobs.output(id, key);
  if (output === undefined) throw new ServerError("InexistentItem", `The job ${id} has no such output: ${key}`);
  return output;
}

const actions = [
  { name: "cancel", summary: "Cancel a job that has not ended" },
  { name: "pause", summary: "Pause a job" },
  { name: "resume", summary: "Let a paused job go on" },
  { name: "resubmit", summary: "Run a failed job again" },
] as const;

/** Orthanc's description of a job. */
export function jobJson(job: JobInfo): Record<string, unknown> {
  const { error, completionTime, estimatedTimeOfArrival } = job;
  const { code, text } = errorRow(error?.name ?? "Success");
  return {
    ...(completionTime === undefined ? {} : { CompletionTime: utcDateWithFraction(completionTime) }),
    Content: job.content,
    CreationTime: utcDateWithFraction(job.creationTime),
    EffectiveRuntime: job.effectiveRuntime,
    ErrorCode: code,
    ErrorDescription: text,
    ErrorDetails: error?.details ?? "",
    ...(error?.payload === undefined ? {} : { ErrorPayload: error.payload }),
    ...(estimatedTimeOfArrival === undefined
      ? {}
      : { EstimatedTimeOfArrival: utcDateWithFraction(estimatedTimeOfArrival) }),
    ID: job.id,
    Priority: job.priority,
    Progress: Math.round(job.progress * 100),
    State: job.state,
    Timestamp: utcDateWithFraction(Date.now()),
    Type: job.type,
    ...(job.userData === undefined ? {} : { UserData: job.userData }),
  };
}
