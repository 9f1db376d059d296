import type { Catalog } from "../../catalog/catalog.ts";
import type { JobOutput, JobType, Progress } from "../../jobs/job.ts";
import type { ZipSource } from "../zip/write-zip.ts";
import { exportZip, type ExportLayout, type ExportRequest, type ExportZipParts } from "./export-zip.ts";
import type { KeptArchives } from "./kept-archives.ts";
import { measureExport, planExport } from "./plan-export.ts";
import { createStepGate } from "./step-gate.ts";

export interface ExportJobParts extends ExportZipParts {
  readonly kept: KeptArchives;
}

/** The state of a job that makes an archive. Sizes in bytes. */
export interface ExportState extends ExportRequest {
  /** Name of the download. */
  readonly filename: string;
  readonly instances: number;
  readonly uncompressedSize: number;
  /** So far. */
  readonly archiveSize: number;
  /** Key of the archive when it is made; it does not outlive the process. */
  readonly output: string | null;
}

const megabyte = 1024 * 1024;

/** The state of a new job. */
export async function exportState(
  catalog: Pick<Catalog, "find" | "resourceStatistics">,
  request: ExportRequest,
  filename: string,
): Promise<ExportState> {
  const { instances, bytes } = await measureExport(catalog, await planExport(catalog, request.resources));
  return { ...request, filename, instances, uncompressedSize: bytes, archiveSize: 0, output: null };
}

/**
 * The jobs `Archive` and `Media`: they write a ZIP archive into the storage and keep it as their output `archive`. A step is a file, so
 * that a paused job stands still; after a restart, or when it is resubmitted, a job begins anew.
 */
export function exportJob(parts: ExportJobParts, kind: ExportLayout["kind"]): JobType<ExportState> {
  return {
    type: kind,
    run: (state, signal) => run(parts, { ...state, archiveSize: 0, output: null }, signal),
    describe: exportContent,
    output: (state, key) => (key === "archive" ? outputOf(parts.kept, state) : undefined),
    forget: ({ output }) => {
      if (output !== null) void parts.kept.remove(output);
    },
  };
}

async function* run(
  parts: ExportJobParts,
  begin: ExportState,
  outer: AbortSignal,
): AsyncGenerator<Progress<ExportState>, void, void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([outer, stop.signal]);
  const gate = createStepGate(signal);
  let [files, size] = [0, 0];
  const count = (length: number): void => {
    size += length;
  };
  const each = async function* (sources: AsyncIterable<ZipSource>): AsyncGenerator<ZipSource, void, void> {
    for await (const source of sources) {
      await gate.pass();
      yield source;
    }
  };
  const keeping = parts.kept.keep(watched(exportZip(parts, begin, each), signal, count));
  // A paused job looks at it only later.
  keeping.catch(() => {});
  let isHandedOut = false;
  try {
    for (;;) {
      const output = await Promise.race([keeping, gate.arrived()]);
      if (output !== undefined) {
        isHandedOut = true;
        yield { state: { ...begin, archiveSize: size, output }, fraction: 1 };
        return;
      }
      const fraction = Math.min(1, files / Math.max(1, begin.instances));
      yield { state: { ...begin, archiveSize: size }, fraction };
      files += 1;
      gate.open();
    }
  } finally {
    stop.abort();
    const [kept] = await Promise.allSettled([keeping]);
    if (!isHandedOut && kept.status === "fulfilled") await parts.kept.remove(kept.value);
  }
}

/** `data`, counted, until the signal is aborted. */
async function* watched(
  data: AsyncIterable<Buffer>,
  signal: AbortSignal,
  count: (length: number) => void,
): AsyncGenerator<Buffer, void, void> {
  for await (const chunk of data) {
    signal.throwIfAborted();
    count(chunk.length);
    yield chunk;
  }
}

/** Orthanc's `Content`. */
function exportContent(state: ExportState): Record<string, unknown> {
  const { layout, transcode, instances, uncompressedSize, archiveSize } = state;
  return {
    Description: "REST API",
    InstancesCount: instances,
    UncompressedSize: String(uncompressedSize),
    UncompressedSizeMB: Math.floor(uncompressedSize / megabyte),
    ArchiveSize: String(archiveSize),
    ArchiveSizeMB: Math.floor(archiveSize / megabyte),
    ...(layout.kind === "Archive" ? { Utf8: layout.utf8 } : {}),
    ...(transcode === null ? {} : { Transcode: transcode.transferSyntaxUID }),
    ...(transcode?.lossyQuality === undefined ? {} : { LossyQuality: transcode.lossyQuality }),
  };
}

function outputOf(kept: KeptArchives, { output, filename }: ExportState): JobOutput | undefined {
  const archive = output === null ? undefined : kept.get(output);
  if (output === null || archive === undefined) return undefined;
  return {
    type: "application/zip",
    filename,
    size: archive.size,
    read: () => archive.read(),
    remove: () => kept.remove(output),
  };
}
