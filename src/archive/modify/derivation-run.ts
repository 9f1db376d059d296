import { levels } from "../../catalog/catalog.ts";
import type { Progress } from "../../jobs/job.ts";
import { mapConcurrently } from "../map-concurrently.ts";
import { afterOutcomes, type DerivationState, type Outcome } from "./derivation-state.ts";
import { type Derivation, deriveInstance, type DeriveParts } from "./derive-instance.ts";
import { createLineageNotes } from "./lineage-notes.ts";
import { planModification } from "./plan.ts";

export interface DerivationParts extends DeriveParts {
  /** Instances that are dealt with at the same time. */
  readonly concurrency: number;
}

/**
 * Makes new instances of stored ones, several at a time; then the catalog is told the main DICOM tags of what they went to, and the
 * originals are removed unless they are to be kept. Every step can be done again after an interruption.
 */
export async function* runDerivation<State extends DerivationState>(
  parts: DerivationParts,
  begun: State,
  signal: AbortSignal,
): AsyncGenerator<Progress<State>, void, void> {
  const plan = planModification(begun.request, begun.level);
  const notes = createLineageNotes(parts.catalog, begun);
  let state = begun;
  while (state.position < state.instances.length) {
    signal.throwIfAborted();
    const batch = state.instances.slice(state.position, state.position + parts.concurrency);
    const outcomes = await deriveBatch(parts, { state, plan, notes }, batch);
    state = afterOutcomes(state, outcomes);
    yield { state, fraction: fractionOf(state) };
    const failure = outcomes.find((outcome) => "error" in outcome);
    if (failure !== undefined && !state.permissive) throw failure.error;
  }
  await settle(parts, state, signal);
}

/** The end, when the originals go, counts as one instance more. */
function fractionOf({ position, instances }: DerivationState): number {
  return position / (instances.length + 1);
}

function deriveBatch(
  parts: DerivationParts,
  derivation: Derivation,
  batch: readonly string[],
): Promise<readonly Outcome[]> {
  return mapConcurrently(batch, parts.concurrency, async (instance) => {
    try {
      return { instance, made: await deriveInstance(parts, derivation, instance) };
    } catch (error) {
      return { instance, error };
    }
  });
}

async function settle(
  { archive, concurrency }: DerivationParts,
  { outputs, instances, failed, keepSource }: DerivationState,
  signal: AbortSignal,
): Promise<void> {
  for (const instance of Object.values(outputs.series)) await archive.reconstruct(instance, levels);
  if (keepSource) return;
  const kept = new Set([...failed, ...outputs.instances]);
  const removed = instances.filter((instance) => !kept.has(instance));
  await mapConcurrently(removed, concurrency, async (instance) => {
    signal.throwIfAborted();
    await archive.remove(instance, "Instance");
  });
}
