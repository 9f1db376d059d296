import { expect, it } from "vitest";
import type { ArchiveEvent, Origin } from "../archive/archive.ts";
import { watchReceived } from "./move-received.ts";

it("tells the new instances that the remote sends and that were asked for", () => {
  const listeners = new Set<(event: ArchiveEvent) => void>();
  const archive = {
    subscribe: (listener: (event: ArchiveEvent) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const emit = (publicId: string, study: string, origin: Origin): void => {
    for (const listener of listeners) {
      listener({ type: "StoredInstance", publicId, tags: { "0020000D": study }, origin });
    }
  };
  const received: string[] = [];
  const keys = new Map([
    [0x00080052, "STUDY"],
    [0x0020000d, "1.2"],
  ]);
  const expected = { remoteAet: "PEER", targetAet: "OWN", keys };
  const stop = watchReceived(archive, expected, (publicId) => received.push(publicId));
  const origin = { kind: "DicomProtocol", remoteAet: "PEER", calledAet: "OWN" } as const;
  emit("a", "1.2", origin);
  emit("another study", "1.3", origin);
  emit("another sender", "1.2", { ...origin, remoteAet: "OTHER" });
  emit("another target", "1.2", { ...origin, calledAet: "OTHER" });
  emit("an upload", "1.2", { kind: "RestApi" });
  emit("b", "1.2", origin);
  stop();
  emit("too late", "1.2", origin);
  expect(received).toEqual(["a", "b"]);
});
