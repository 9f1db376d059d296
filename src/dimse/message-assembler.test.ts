import { describe, expect, it } from "vitest";
import { encodeCommand } from "./command-codec.ts";
import { noDataset, withDataset } from "./command-set.ts";
import { MessageAssembler } from "./message-assembler.ts";
import type { Fragment } from "./pdu-decoder.ts";

const echo = encodeCommand({ CommandField: 0x30, MessageID: 1, CommandDataSetType: noDataset });
const store = encodeCommand({ CommandField: 0x01, MessageID: 2, CommandDataSetType: withDataset });

const command = (bytes: Buffer, isLast = true, contextId = 1): Fragment => ({
  contextId,
  isCommand: true,
  isLast,
  bytes,
});
const data = (text: string, isLast = false, contextId = 1): Fragment => ({
  contextId,
  isCommand: false,
  isLast,
  bytes: Buffer.from(text),
});

/** What an assembler says of these fragments. */
function assemble(...fragments: readonly Fragment[]): unknown[] {
  const said: unknown[] = [];
  const assembler = new MessageAssembler({
    command: (contextId, { MessageID }, hasDataset) => said.push([contextId, MessageID, hasDataset]),
    dataset: (bytes, isLast) => said.push([bytes.toString(), isLast]),
  });
  for (const fragment of fragments) assembler.push(fragment);
  said.push(assembler.isAmidst ? "amidst" : "complete");
  return said;
}

describe("MessageAssembler (PS3.7 §6.3, PS3.8 Annex E)", () => {
  it("gathers the command set and passes the dataset on", () => {
    expect(
      assemble(
        command(store.subarray(0, 7), false),
        command(store.subarray(7)),
        data("ab"),
        data("c", true),
        command(echo),
      ),
    ).toEqual([[1, 2, true], ["ab", false], ["c", true], [1, 1, false], "complete"]);
    expect(assemble(command(store))).toEqual([[1, 2, true], "amidst"]);
    expect(assemble(command(store.subarray(0, 3), false))).toEqual(["amidst"]);
  });

  it.each([
    ["a dataset without a command set", [data("a", true)]],
    ["a dataset amidst a command set", [command(store.subarray(0, 7), false), data("a")]],
    ["a dataset after a command set that announces none", [command(echo), data("a", true)]],
    ["a command set where the dataset should follow", [command(store), command(echo)]],
    [
      "another context amidst a command set",
      [command(store.subarray(0, 7), false), command(store.subarray(7), true, 3)],
    ],
    ["another context amidst a dataset", [command(store), data("a"), data("b", true, 3)]],
    ["a command set of more than 64 KiB", [command(Buffer.alloc(40_000), false), command(Buffer.alloc(40_000), false)]],
    ["a malformed command set", [command(Buffer.from("nonsense"))]],
  ])("refuses %s", (_, fragments) => {
    expect(() => assemble(...fragments)).toThrow(expect.objectContaining({ failure: "protocol" }));
  });
});
