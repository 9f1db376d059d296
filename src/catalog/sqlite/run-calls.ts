import type { Sql } from "../sql-catalog/sql.ts";
import { describeError } from "./call-error.ts";
import type { Connection } from "./connection.ts";
import type { Call, Outcome, SentOutcome } from "./executor.ts";

/** An act that its name was looked up for. */
type Act = (sql: Sql, ...values: readonly unknown[]) => unknown;
export type Acts = ReadonlyMap<string, Act>;

/** Acts by name, as they come from another thread: the callers' types say that names and arguments fit. */
export function actsByName(acts: Readonly<Record<string, unknown>>): Acts {
  return new Map(Object.entries(acts) as [string, Act][]);
}

function runCall(sql: Sql, acts: Acts, { name, values }: Call): unknown {
  const act = acts.get(name);
  if (act === undefined) throw new TypeError(`the catalog has no act ${name}`);
  return act(sql, ...values);
}

/** What becomes of some work. */
export function outcomeOf(work: () => unknown): Outcome {
  try {
    return { value: work() };
  } catch (error) {
    return { error: describeError(error) };
  }
}

/**
 * Carries out all calls in one transaction. When one of them fails, nothing of that transaction stays: each is done again in a transaction of its
 * own, so that only the one that fails has no effect.
 */
export function writeTogether(connection: Connection, acts: Acts, calls: readonly Call[]): readonly Outcome[] {
  const [first] = calls;
  if (first !== undefined && calls.length === 1)
    return [outcomeOf(() => connection.transaction(() => runCall(connection, acts, first)))];
  try {
    return connection.transaction(() => calls.map((call) => ({ value: runCall(connection, acts, call) })));
  } catch {
    return calls.map((call) => outcomeOf(() => connection.transaction(() => runCall(connection, acts, call))));
  }
}

/** Carries out calls that only read. */
export function readEach(connection: Connection, acts: Acts, calls: readonly Call[]): readonly Outcome[] {
  return calls.map((call) => outcomeOf(() => runCall(connection, acts, call)));
}

/** Acts with long answers that are plain JSON. */
const longAnswers: ReadonlySet<string> = new Set(["find", "changes"]);

/** The outcomes of `calls` in the form in which they cross threads best. */
export function forTransfer(calls: readonly Call[], outcomes: readonly Outcome[]): readonly SentOutcome[] {
  return outcomes.map((outcome, at) =>
    "value" in outcome && longAnswers.has(calls[at]?.name ?? "") ? { json: JSON.stringify(outcome.value) } : outcome,
  );
}
