import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { memoryPeer, memoryRemote as remote } from "../../test/scu/memory-network.ts";
import { AssociationError } from "../dimse/association.ts";
import { noLog } from "../util/log.ts";
import { createDicomAssociations, withAssociation } from "./dicom-associations.ts";

const context = (abstractSyntax: string) => ({ abstractSyntax, transferSyntaxes: ["1.2.840.10008.1.2"] });
const contexts = [context("1.2.3"), context("1.2.4")];
const needs = { remote, contexts };

describe("associations", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("are used again when they fit, and released when they are idle for long", async () => {
    const { associations, opened } = memoryPeer({ closeDelay: 5 });
    const first = await associations.lend(needs);
    await first.giveBack();
    const second = await associations.lend({ remote, contexts: [context("1.2.4")] });
    expect(second).toMatchObject({ association: first.association, isReused: true });
    await second.giveBack();
    expect(opened).toHaveLength(1);
    vi.advanceTimersByTime(4999);
    expect(first.association.isOpen).toBe(true);
    vi.advanceTimersByTime(1);
    await first.association.ended;
  });

  it("are never shared", async () => {
    const { associations, opened } = memoryPeer();
    const [first, second] = await Promise.all([associations.lend(needs), associations.lend(needs)]);
    expect(first.association).not.toBe(second.association);
    expect(opened).toHaveLength(2);
  });

  it.each([
    { why: "other contexts", other: { contexts: [context("1.2.5")] } },
    { why: "another own title", other: { remote: { ...remote, callingAet: "OTHER" } } },
    { why: "another time-out", other: { remote: { ...remote, timeout: 1 } } },
  ])("make room for one with $why", async ({ other }) => {
    const { associations, opened } = memoryPeer();
    const first = await associations.lend(needs);
    await first.giveBack();
    const second = await associations.lend({ ...needs, ...other });
    expect(second.isReused).toBe(false);
    expect(first.association.isOpen).toBe(false);
    expect(opened).toHaveLength(2);
  });

  it.each([
    { why: "the delay is 0", closeDelay: 0, more: {} },
    { why: "they answer requests", closeDelay: 5, more: { handle: async function* () {} } },
  ])("are released at once when $why", async ({ closeDelay, more }) => {
    const { associations } = memoryPeer({ closeDelay });
    const lent = await associations.lend({ ...needs, ...more });
    await lent.giveBack();
    expect(lent.association.isOpen).toBe(false);
  });

  it("are released when the pool closes, now and later", async () => {
    const { associations } = memoryPeer();
    const [idle, used] = await Promise.all([associations.lend(needs), associations.lend(needs)]);
    await idle.giveBack();
    await associations.close();
    expect(idle.association.isOpen).toBe(false);
    await used.giveBack();
    expect(used.association.isOpen).toBe(false);
  });

  it("need a certificate for TLS", async () => {
    const { associations } = memoryPeer();
    await expect(associations.lend({ ...needs, remote: { ...remote, useDicomTls: true } })).rejects.toMatchObject({
      errorName: "SslInitialization",
    });
  });

  it("that cannot be opened say whom they were for, and why", async () => {
    const associations = createDicomAssociations({
      associate: async () => {
        throw new AssociationError("rejected", "called title not recognized");
      },
      maximumPduLength: 16384,
      closeDelay: 5,
      tls: undefined,
      log: noLog,
    });
    await expect(associations.lend(needs)).rejects.toMatchObject({
      errorName: "NetworkProtocol",
      details: 'association with "PEER" at 192.0.2.1:104: rejected: called title not recognized',
    });
  });
});

describe("withAssociation", () => {
  it("tries once more when the other side has given up an idle association", async () => {
    const { associations, opened } = memoryPeer();
    const lent = await associations.lend(needs);
    await lent.giveBack();
    let calls = 0;
    const result = await withAssociation(associations, needs, async () => {
      calls += 1;
      if (calls === 1) throw new AssociationError("aborted", "by the other side");
      return calls;
    });
    expect(result).toBe(2);
    // The one that only seemed to be dead was released.
    expect(opened).toHaveLength(2);
  });

  it("does not try again what fails on a new association", async () => {
    const { associations, opened } = memoryPeer();
    const failing = withAssociation(associations, needs, async () => {
      throw new AssociationError("aborted", "by the other side");
    });
    await expect(failing).rejects.toMatchObject({ errorName: "NetworkProtocol" });
    expect(opened).toHaveLength(1);
  });

  it("aborts when something else goes wrong: a request may be under way", async () => {
    const { associations } = memoryPeer();
    let used: { readonly isOpen: boolean } | undefined;
    const failing = withAssociation(associations, needs, async (association) => {
      used = association;
      throw new TypeError("no");
    });
    await expect(failing).rejects.toThrow(TypeError);
    expect(used?.isOpen).toBe(false);
  });
});
