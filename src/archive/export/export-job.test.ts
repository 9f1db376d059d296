import { crc32, inflateRawSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { openTestArchive, type TestArchive } from "../../../test/archive/test-archive.ts";
import { makeStudy } from "../../../test/phantoms/study.ts";
import type { ResourceReference } from "../../catalog/catalog.ts";
import { createJobsEngine } from "../../jobs/engine.ts";
import type { JobsEngine } from "../../jobs/job.ts";
import { ServerError } from "../../util/errors.ts";
import { noLog } from "../../util/log.ts";
import { readZipDirectory, startOfData } from "../zip-directory.ts";
import { metadataNumbers } from "../metadata-numbers.ts";
import { exportJob, exportState, type ExportJobParts, type ExportState } from "./export-job.ts";
import { exportZip, type ExportRequest } from "./export-zip.ts";
import { createKeptArchives } from "./kept-archives.ts";

interface Stage extends TestArchive {
  readonly jobs: JobsEngine;
  readonly parts: ExportJobParts;
  readonly resources: readonly ResourceReference[];
  /** Submits a job; its id. */
  readonly submit: (request?: Partial<ExportRequest>) => Promise<string>;
}

/** An archive with `instances` small images of one study, and the jobs of one server. */
async function stage(instances: number, capacity = 1): Promise<Stage> {
  const test = await openTestArchive();
  const { archive, catalog } = test;
  const studies = new Set<string>();
  for (const { file } of makeStudy({ rows: 8, instances })) {
    const { identifiers } = await archive.ingest(file, { kind: "RestApi" });
    studies.add(identifiers.Study);
  }
  const kept = createKeptArchives(archive, capacity);
  const jobs = createJobsEngine({ concurrent: 2, historySize: 10, log: noLog });
  onTestFinished(async () => {
    await jobs.close();
    await kept.close();
    await test[Symbol.asyncDispose]();
  });
  const transcoding = {
    transcodedFile: async () => {
      throw new ServerError("NotImplemented");
    },
  };
  const parts = { archive, catalog, transcoding, kept, log: noLog, filesAhead: 2 };
  const resources = [...studies].map((publicId) => ({ level: "Study" as const, publicId }));
  return {
    ...test,
    jobs,
    parts,
    resources,
    async submit(request) {
      const whole: ExportRequest = { resources, layout: { kind: "Archive", utf8: false }, transcode: null, ...request };
      const state: ExportState = await exportState(catalog, whole, "mine.zip");
      return jobs.submit(exportJob(parts, whole.layout.kind), state, { priority: 0 });
    },
  };
}

async function outputOf(jobs: JobsEngine, id: string): Promise<Buffer> {
  const output = jobs.output(id, "archive");
  if (output === undefined) throw new Error(`${id} has no output`);
  return Buffer.concat(await Array.fromAsync(output.read()));
}

/** Unpacked sizes of the files of an archive, whose checksums must be right. */
async function sizesIn(zip: Buffer): Promise<readonly number[]> {
  const read = async (start: number, end: number): Promise<Buffer> => zip.subarray(start, end);
  const entries = await readZipDirectory(read, zip.length, { entries: 1000, directory: 1 << 20 });
  return Promise.all(
    entries.map(async (entry) => {
      const start = await startOfData(read, entry);
      const data = inflateRawSync(zip.subarray(start, start + entry.compressedSize));
      expect(crc32(data)).toBe(entry.crc);
      return data.length;
    }),
  );
}

/** Lets everything that is ready go on. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("a job that makes an archive", () => {
  it("keeps it as its output, and tells its size", async () => {
    const { jobs, submit } = await stage(3);
    const id = await submit();
    const { state, content, progress } = await jobs.finished(id);
    const zip = await outputOf(jobs, id);
    const sizes = await sizesIn(zip);
    expect({ state, progress, content }).toEqual({
      state: "Success",
      progress: 1,
      content: {
        Description: "REST API",
        InstancesCount: 3,
        UncompressedSize: String(sizes.reduce((sum, size) => sum + size, 0)),
        UncompressedSizeMB: 0,
        ArchiveSize: String(zip.length),
        ArchiveSizeMB: 0,
        Utf8: false,
      },
    });
    expect(jobs.output(id, "archive")).toMatchObject({
      type: "application/zip",
      filename: "mine.zip",
      size: zip.length,
    });
    expect(jobs.output(id, "other")).toBeUndefined();
  });

  it("adds a directory to a medium, and says what it was asked to transcode to", async () => {
    const { jobs, submit } = await stage(2);
    const transcode = { transferSyntaxUID: "1.2.840.10008.1.2.4.50", lossyQuality: 70 };
    const id = await submit({ layout: { kind: "Media", extended: false }, transcode });
    const info = await jobs.finished(id);
    expect(info).toMatchObject({
      type: "Media",
      state: "Success",
      content: { Transcode: transcode.transferSyntaxUID, LossyQuality: 70 },
    });
    expect(await sizesIn(await outputOf(jobs, id))).toHaveLength(3);
  });

  it("loses its archive to the next ones, the one that was fetched last being kept longest", async () => {
    const { jobs, submit, storage } = await stage(1, 2);
    const ids: string[] = [];
    for (let at = 0; at < 2; at++) {
      ids.push(await submit());
      await jobs.finished(ids[at] ?? "");
    }
    await outputOf(jobs, ids[0] ?? "");
    ids.push(await submit());
    await jobs.finished(ids[2] ?? "");
    expect(ids.map((id) => jobs.output(id, "archive") !== undefined)).toEqual([true, false, true]);
    expect(storage.blobs.size).toBe(1 + 2);
  });

  it("gives it up when it is deleted, and when the job is forgotten", async () => {
    const { jobs, submit, storage } = await stage(1, 5);
    const [deleted, forgotten] = [await submit(), await submit()];
    await Promise.all([jobs.finished(deleted), jobs.finished(forgotten)]);
    await jobs.output(deleted, "archive")?.remove();
    expect(jobs.output(deleted, "archive")).toBeUndefined();
    expect(jobs.remove(forgotten)).toBe(true);
    await settle();
    expect(storage.blobs.size).toBe(1);
  });

  it("stands still while it is paused", async () => {
    const { jobs, submit } = await stage(20);
    const id = await submit();
    await settle();
    expect(jobs.pause(id)).toBe(true);
    // Long enough for another one to pack the same files.
    await jobs.finished(await submit());
    const { state, progress } = jobs.get(id) ?? {};
    expect(state).toBe("Paused");
    expect(progress).toBeLessThan(0.5);
    jobs.resume(id);
    expect(await jobs.finished(id)).toMatchObject({ state: "Success" });
    expect(await sizesIn(await outputOf(jobs, id))).toHaveLength(20);
  });

  it.each(["Running", "Paused"])("leaves nothing behind when it is cancelled while %s", async (state) => {
    const { jobs, submit, storage } = await stage(20);
    const id = await submit();
    await settle();
    if (state === "Paused") jobs.pause(id);
    await settle();
    expect(jobs.get(id)?.state).toBe(state);
    jobs.cancel(id);
    expect(await jobs.finished(id)).toMatchObject({ state: "Failure", error: { name: "CanceledJob" } });
    await jobs.close();
    expect(storage.blobs.size).toBe(20);
  });

  it("leaves out an instance that is removed meanwhile", async () => {
    const { archive, catalog, parts, resources } = await stage(3);
    const instances = await catalog.find({ level: "Instance", include: { metadata: true } });
    const last = instances.find(({ metadata }) => metadata?.[metadataNumbers.IndexInSeries] === "3");
    const request: ExportRequest = { resources, layout: { kind: "Archive", utf8: false }, transcode: null };
    const zip = exportZip({ ...parts, filesAhead: 1 }, request, async function* (sources) {
      for await (const source of sources) {
        if (source.name.endsWith("CT000002.dcm")) await archive.remove(last?.publicId ?? "");
        yield source;
      }
    });
    expect(await sizesIn(Buffer.concat(await Array.fromAsync(zip)))).toHaveLength(2);
  });
});
