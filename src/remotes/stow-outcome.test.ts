import { describe, expect, it } from "vitest";
import type { StowAnswer, StowFailure } from "./stow-answer.ts";
import { failedInstances, type OutgoingInstance } from "./stow-outcome.ts";

const batch = (...uids: string[]): OutgoingInstance[] =>
  uids.map((uid) => ({ id: `id-${uid}`, SOPInstanceUID: uid, size: 1 }));

const answer = (stored: readonly (string | undefined)[], failures: readonly StowFailure[] = []): StowAnswer => ({
  storedCount: stored.length,
  storedUids: new Set(stored.filter((uid) => uid !== undefined)),
  failures,
});

const failure = (uid: string, reason: string): object => ({ id: `id-${uid}`, SOPInstanceUID: uid, reason });

describe("failedInstances", () => {
  it("is empty when as many are stored as were sent", () => {
    expect(failedInstances(batch("1", "2"), answer(["1", "2"]))).toEqual([]);
    expect(failedInstances(batch("1", "2"), answer([undefined, undefined]))).toEqual([]);
  });

  it("takes failures by their UID", () => {
    const failures = [{ SOPInstanceUID: "2", reason: "because" }];
    expect(failedInstances(batch("1", "2", "3"), answer(["1", "3"], failures))).toEqual([failure("2", "because")]);
    expect(failedInstances(batch("1", "2", "3"), answer([undefined, undefined], failures))).toEqual([
      failure("2", "because"),
    ]);
  });

  it("finds failures without UID by what was stored", () => {
    const failures = [{ reason: "because" }];
    expect(failedInstances(batch("1", "2", "3"), answer(["1", "3"], failures))).toEqual([failure("2", "because")]);
  });

  it("counts what the server does not mention as failed", () => {
    expect(failedInstances(batch("1", "2"), answer(["1"]))).toEqual([failure("2", "not confirmed by the server")]);
  });

  it("knows that a lone instance is the one that failed", () => {
    expect(failedInstances(batch("1"), answer([], [{ reason: "because" }]))).toEqual([failure("1", "because")]);
  });

  it("does not guess", () => {
    expect(
      failedInstances(batch("1", "2", "3"), answer([undefined, undefined], [{ reason: "because" }])),
    ).toBeUndefined();
    expect(failedInstances(batch("1", "2"), answer(["1", "2"], [{ reason: "because" }]))).toBeUndefined();
  });
});
