import type { Catalog } from "../../catalog/catalog.ts";
import { ServerError } from "../../util/errors.ts";
import type { Archive, IngestResult } from "../archive.ts";
import { metadataNumbers } from "../metadata-numbers.ts";
import type { DerivationState } from "./derivation-state.ts";
import { type Identifiers, seededIdentifiers } from "./identifiers.ts";
import type { Lineage, LineageNotes } from "./lineage-notes.ts";
import { modifiedFile } from "./modified-file.ts";
import type { Plan } from "./modification.ts";
import type { SourceParts } from "./source-file.ts";

export interface DeriveParts extends SourceParts {
  readonly archive: Pick<Archive, "open" | "dataset" | "readValue" | "spool" | "ingest" | "remove" | "reconstruct">;
  readonly catalog: Pick<Catalog, "find" | "metadata" | "setMetadata" | "addLabel">;
}

/** What all instances of a job are made with. */
export interface Derivation {
  readonly state: DerivationState;
  readonly plan: Plan;
  readonly notes: LineageNotes;
}

/**
 * Makes a new instance of a stored one, with what tells where it and its new ancestors come from. Doing it again is harmless.
 * Throws `UnknownResource`, `CannotStoreInstance`, `FullStorage`, and what the modification throws.
 */
export async function deriveInstance(
  parts: DeriveParts,
  { state, plan, notes }: Derivation,
  instance: string,
): Promise<Lineage> {
  const source = await lineageOf(parts.catalog, instance);
  const noteMade = await notes.read(source);
  const identifiers = identifiersFor(state, source);
  const file = modifiedFile(parts, { instance, plan, identifiers, wanted: state.wanted });
  const number = state.mark === null ? undefined : metadataNumbers[state.mark];
  const metadata = number === undefined ? {} : { [number]: instance };
  const keepTransferSyntax = state.wanted !== undefined;
  const result = await parts.archive.ingest(file, state.origin, { metadata, keepTransferSyntax });
  await mustBeStored(parts.catalog, result, instance, number);
  await noteMade(result.identifiers);
  return result.identifiers;
}

/** In the scope of a series, two studies may use the same UIDs: their instances stay apart. */
function identifiersFor({ seed, scope }: DerivationState, source: Lineage): Identifiers {
  return seededIdentifiers(scope === "all" ? seed : `${seed} ${source.Series}`);
}

async function lineageOf(catalog: Pick<Catalog, "find">, instance: string): Promise<Lineage> {
  const include = { ancestors: true };
  const [found] = await catalog.find({ level: "Instance", publicIds: [instance], include });
  const { Patient, Study, Series } = found?.ancestors ?? {};
  if (Patient === undefined || Study === undefined || Series === undefined) {
    throw new ServerError("UnknownResource", `instance ${instance} is no longer in the archive`);
  }
  return { Patient, Study, Series, Instance: instance };
}

async function mustBeStored(
  catalog: Pick<Catalog, "metadata">,
  { status, identifiers }: IngestResult,
  instance: string,
  mark: number | undefined,
): Promise<void> {
  if (status === "Success") return;
  if (status === "StorageFull") throw new ServerError("FullStorage", `no room for the instance made of ${instance}`);
  const reason = status === "FilteredOut" ? "a filter refused it" : "another instance has its identifiers";
  // A run that was interrupted may have stored it; identifiers of the scope of a series are nobody else's.
  const isOwn =
    status === "AlreadyStored" &&
    (mark === undefined || (await catalog.metadata(identifiers.Instance))?.[mark]?.value === instance);
  if (isOwn) return;
  throw new ServerError("CannotStoreInstance", `the instance made of ${instance} was not stored: ${reason}`);
}
