import type { DerivationJobs } from "../archive/modify/jobs.ts";
import type { MergeParts } from "../archive/modify/merge-order.ts";
import type { OrderParts } from "../archive/modify/modification-order.ts";
import type { SourceParts } from "../archive/modify/source-file.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { JobsEngine } from "../jobs/job.ts";
import type { ModificationDefaults } from "./modification-request.ts";

/** What the routes need that make new instances of stored ones. */
export interface DerivationRoutesParts {
  readonly jobs: JobsEngine;
  readonly derivations: DerivationJobs;
  readonly catalog: MergeParts["catalog"] & Pick<Catalog, "nextSequence">;
  readonly archive: MergeParts["archive"];
  readonly orders: OrderParts;
  readonly source: SourceParts;
  readonly modificationDefaults: ModificationDefaults;
}
