import { describe, expect, it } from "vitest";
import { openMemoryArchive } from "../../test/memory-archive.ts";
import { memoryPeer, memoryRemote as remote } from "../../test/scu/memory-network.ts";
import { SpecificCharacterSet } from "../dicom/charset.ts";
import { sopClasses } from "../dicom/sop-classes.ts";
import { noLog } from "../util/log.ts";
import { get, type GetRequest } from "./get-scu.ts";
import { identifierOf } from "./query-identifier.ts";

const ct = "1.2.840.10008.5.1.4.1.1.2";
const rtPlan = "1.2.840.10008.5.1.4.1.1.481.5";
const studyRootGet = "1.2.840.10008.5.1.4.1.2.2.3";
const all = sopClasses.filter(({ kind }) => kind === "Storage").map(({ uid }) => uid);

async function asked(more: Partial<GetRequest>, accepted = all) {
  const peer = memoryPeer();
  const memory = await openMemoryArchive();
  await get(
    { ...memory, associations: peer.associations, acceptedSopClasses: () => accepted, log: noLog },
    {
      remote,
      level: "Study",
      identifier: identifierOf(new Map([[0x0020000d, "1.2.3"]]), SpecificCharacterSet.default),
      signal: new AbortController().signal,
      onProgress: () => {},
      sopClasses: [],
      bothRoles: false,
      onReceived: () => {},
      ...more,
    },
  );
  await memory.close();
  const { contexts = [] } = peer.opened[0] ?? {};
  return { contexts, storage: contexts.filter(({ roles }) => roles !== undefined), received: peer.received };
}

describe("get", () => {
  it("proposes as many classes as there is room for, the frequent ones among them", async () => {
    const { contexts, storage, received } = await asked({});
    expect(contexts.length).toBeLessThanOrEqual(128);
    expect(storage).toHaveLength(120);
    expect(storage.map(({ abstractSyntax }) => abstractSyntax)).toEqual(expect.arrayContaining([ct, rtPlan]));
    expect(storage[0]).toMatchObject({
      transferSyntaxes: ["1.2.840.10008.1.2.1", "1.2.840.10008.1.2"],
      roles: { scu: false, scp: true },
    });
    expect(received[0]?.request.command).toMatchObject({ CommandField: 0x0010, AffectedSOPClassUID: studyRootGet });
  });

  it("proposes compressed transfer syntaxes, one by one, when it knows what comes", async () => {
    const { storage } = await asked({ sopClasses: [ct, "1.2.3.4"] });
    expect(new Set(storage.map(({ abstractSyntax }) => abstractSyntax))).toEqual(new Set([ct]));
    const compressed = storage.slice(1).map(({ transferSyntaxes }) => transferSyntaxes);
    expect(compressed).toContainEqual(["1.2.840.10008.1.2.4.70"]);
    expect(compressed.every((syntaxes) => syntaxes.length === 1)).toBe(true);
  });

  it("proposes only what this server takes", async () => {
    const { storage } = await asked({ sopClasses: [rtPlan] }, [ct]);
    expect(new Set(storage.map(({ abstractSyntax }) => abstractSyntax))).toEqual(new Set([ct]));
  });

  it("proposes both roles where that is wanted", async () => {
    const { storage } = await asked({ bothRoles: true });
    expect(storage[0]?.roles).toEqual({ scu: true, scp: true });
  });
});
