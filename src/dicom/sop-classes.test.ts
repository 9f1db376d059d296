import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sharedData } from "../../test/shared-data.ts";
import { sopClasses, storageSopClassUids } from "./sop-classes.ts";
import { isValidUid } from "./uid.ts";

const data = sharedData();

describe("SOP classes (PS3.6 Table A-1)", () => {
  it("have a UID of their own", () => {
    const uids = sopClasses.map(({ uid }) => uid);
    expect(new Set(uids).size).toBe(uids.length);
    expect(uids.filter((uid) => !isValidUid(uid))).toEqual([]);
  });

  it.each([
    ["1.2.840.10008.1.1", "Verification SOP Class", "Verification", false],
    ["1.2.840.10008.5.1.4.1.2.2.1", "Study Root Query/Retrieve Information Model - FIND", "FIND", false],
    ["1.2.840.10008.5.1.4.1.2.1.2", "Patient Root Query/Retrieve Information Model - MOVE", "MOVE", false],
    ["1.2.840.10008.5.1.4.1.2.2.3", "Study Root Query/Retrieve Information Model - GET", "GET", false],
    ["1.2.840.10008.5.1.4.31", "Modality Worklist Information Model - FIND", "Worklist", false],
    ["1.2.840.10008.1.20.1", "Storage Commitment Push Model SOP Class", "StorageCommitment", false],
    ["1.2.840.10008.5.1.4.1.1.2", "CT Image Storage", "Storage", false],
    ["1.2.840.10008.5.1.4.1.1.104.1", "Encapsulated PDF Storage", "Storage", false],
    ["1.2.840.10008.5.1.4.1.1.6", "Ultrasound Image Storage", "Storage", true],
    ["1.2.840.10008.5.1.4.34.7", "RT Beams Delivery Instruction Storage", "Storage", false],
  ])("%s is %s", (uid, name, kind, retired) => {
    expect(sopClasses.find((row) => row.uid === uid)).toEqual({ uid, name, kind, retired });
  });

  it.skipIf(data === undefined)("for storage are known for every object of the corpus", () => {
    const manifest: unknown = JSON.parse(readFileSync(join(data ?? "", "manifest.json"), "utf8"));
    const { files } = manifest as { files: { sopClass?: string | null }[] };
    const composite = "1.2.840.10008.5.1.4.1.1.";
    const uids = new Set(files.map(({ sopClass }) => sopClass ?? ""));
    const standard = [...uids].filter((uid) => uid.startsWith(composite) && isValidUid(uid));
    const unknown = standard.filter((uid) => !storageSopClassUids.includes(uid));
    expect(standard.length).toBeGreaterThan(30);
    expect(unknown).toEqual([]);
  });
});
