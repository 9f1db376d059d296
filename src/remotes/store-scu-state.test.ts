import { describe, expect, it } from "vitest";
import { memoryRemote } from "../../test/scu/memory-network.ts";
import { restartedSending } from "./sending-state.ts";
import { storeContent, storeScuState } from "./store-scu-state.ts";

const begin = storeScuState({
  target: { ...memoryRemote, allowTranscoding: true },
  description: "REST API",
  resources: [
    { ID: "s2", Type: "Study" },
    { ID: "s1", Type: "Series" },
  ],
  instances: ["a", "b", "c", "d"],
  moveOriginator: null,
  permissive: false,
  commitment: null,
});

describe("storeContent", () => {
  it("prints Orthanc's content", () => {
    expect(storeContent({ ...begin, position: 2, failed: ["b"] })).toEqual({
      Description: "REST API",
      InstancesCount: 4,
      FailedInstancesCount: 1,
      ParentResources: ["s1", "s2"],
      Resources: [
        { ID: "s2", Type: "Study" },
        { ID: "s1", Type: "Series" },
      ],
      LocalAet: "GREYHAVEN",
      RemoteAet: "PEER",
    });
  });

  it("tells the originator and the transaction", () => {
    const moveOriginator = { aet: "ORIGIN", messageId: 42 };
    const commitment = { transactionUid: "2.25.1", sent: [] };
    expect(storeContent({ ...begin, moveOriginator, commitment })).toMatchObject({
      MoveOriginatorAET: "ORIGIN",
      MoveOriginatorID: 42,
      StorageCommitmentTransactionUID: "2.25.1",
    });
  });
});

describe("restartedSending", () => {
  it("sends again what failed and what was not sent, and still counts all", () => {
    const again = restartedSending({ ...begin, position: 3, failed: ["b"] });
    expect(again).toMatchObject({ instances: ["b", "d"], position: 0, failed: [] });
    expect(storeContent(again)).toMatchObject({ InstancesCount: 4, FailedInstancesCount: 0 });
  });
});
