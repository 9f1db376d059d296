import { expect, test } from "vitest";
import { openTestArchive } from "../../test/archive/test-archive.ts";
import { makeImage } from "../../test/phantoms/study.ts";
import { createMetrics } from "../util/metrics.ts";
import { createHeaders } from "./headers.ts";

const image = makeImage({ rows: 16 });

test("headers are kept by what they take in memory, unless they are read once", async () => {
  await using open = await openTestArchive();
  const { identifiers } = await open.archive.ingest(image.file, { kind: "RestApi" });
  const metrics = createMetrics();
  const headers = createHeaders({ ...open, parsing: {}, cacheSize: 1 << 20, metrics });
  const kept = () => metrics.values()["orthanc_storage_cache_count"];

  const once = await headers.headerOnce(identifiers.Instance);
  expect(once?.dataset.text(0x00080018)).toBe(image.uids.SOPInstanceUID);
  expect(kept()).toBe(0);

  await headers.header(identifiers.Instance);
  expect(kept()).toBe(1);
  const bytes = (metrics.values()["orthanc_storage_cache_size_mb"] ?? 0) * 2 ** 20;
  const elements = (once?.dataset.size ?? 0) + (once?.meta.size ?? 0);
  // An element is an object and a view of memory: some 100 bytes each at least (V8).
  expect(bytes).toBeGreaterThan(200 * elements);
});
