import { describe, expect, it } from "vitest";
import { memoryPeer, type MemoryPeer, memoryRemote as remote } from "../../test/scu/memory-network.ts";
import { buildDataset } from "../dicom/build-dataset.ts";
import { SpecificCharacterSet } from "../dicom/charset.ts";
import { parseDataset } from "../dicom/parse-dataset.ts";
import { writeDataset } from "../dicom/write.ts";
import { findAnswers, findWorklist } from "./query-scu.ts";

const explicit = "1.2.840.10008.1.2.1";
const implicit = "1.2.840.10008.1.2";
const patientRootFind = "1.2.840.10008.5.1.4.1.2.1.1";
const studyRootFind = "1.2.840.10008.5.1.4.1.2.2.1";
const worklistFind = "1.2.840.10008.5.1.4.31";
const patientName = 0x00100010;

const identifier = buildDataset([{ tag: patientName, value: "*" }]);
const scu = ({ associations }: MemoryPeer) => ({ associations, defaultCharset: () => SpecificCharacterSet.default });
const answered = (name: string, transferSyntaxUID: string) =>
  writeDataset(buildDataset([{ tag: patientName, value: name }]), { transferSyntaxUID });

describe("findAnswers", () => {
  it.each([explicit, implicit])("reads the answers in the accepted transfer syntax %s", async (transferSyntaxUID) => {
    const peer = memoryPeer({
      choose: (_, proposed) => proposed.find((uid) => uid === transferSyntaxUID),
      answer: () => [
        { command: { Status: 0xff00 }, dataset: answered("A^B", transferSyntaxUID) },
        { command: { Status: 0xff01 }, dataset: answered("C^D", transferSyntaxUID) },
        { command: { Status: 0x0000 } },
      ],
    });
    const answers = await findAnswers(scu(peer), remote, "Study", identifier);
    expect(answers.map((answer) => answer.text(patientName))).toEqual(["A^B", "C^D"]);
    const [received] = peer.received;
    expect(received?.request.command).toMatchObject({ CommandField: 0x0020, AffectedSOPClassUID: studyRootFind });
    expect(parseDataset(received?.dataset ?? Buffer.alloc(0), { transferSyntaxUID }).text(patientName)).toBe("*");
  });

  it.each([
    { level: "Patient", accepted: [patientRootFind, studyRootFind], used: patientRootFind },
    { level: "Study", accepted: [patientRootFind, studyRootFind], used: studyRootFind },
    { level: "Series", accepted: [patientRootFind], used: patientRootFind },
  ] as const)("asks the model $used for $level", async ({ level, accepted, used }) => {
    const choose = (abstractSyntax: string) => (accepted.some((uid) => uid === abstractSyntax) ? explicit : undefined);
    const peer = memoryPeer({ choose });
    await findAnswers(scu(peer), remote, level, identifier);
    expect(peer.received[0]?.request.context.abstractSyntax).toBe(used);
  });

  it("fails when the model is not accepted", async () => {
    const peer = memoryPeer({ choose: () => undefined });
    await expect(findAnswers(scu(peer), remote, "Study", identifier)).rejects.toMatchObject({
      errorName: "DicomFindUnavailable",
    });
  });

  it.each([
    { status: 0xc000, http: 422 },
    { status: 0xa700, http: 500 },
    { status: 0xfe00, http: 500 },
  ])("fails with the status $status, as HTTP $http", async ({ status, http }) => {
    const peer = memoryPeer({ answer: () => [{ command: { Status: status, ErrorComment: "why" } }] });
    await expect(findAnswers(scu(peer), remote, "Study", identifier)).rejects.toMatchObject({
      errorName: "NetworkProtocol",
      row: { http },
      payload: { Type: "Dimse", Content: { DimseErrorStatus: status } },
      details: expect.stringContaining("why") as string,
    });
  });

  it("keeps the association for the next query, after a refusal too", async () => {
    const peer = memoryPeer({ answer: (_, index) => [{ command: { Status: index === 0 ? 0xc000 : 0 } }] });
    await expect(findAnswers(scu(peer), remote, "Study", identifier)).rejects.toThrow("0xC000");
    await findAnswers(scu(peer), remote, "Study", identifier);
    await findWorklist(scu(peer), remote, identifier);
    expect(peer.opened).toHaveLength(1);
    expect(peer.received.at(-1)?.request.context.abstractSyntax).toBe(worklistFind);
  });

  it("cancels when the answers are too many to be kept", async () => {
    const megabyte = 1 << 20;
    const comments = "x".repeat(megabyte);
    const dataset = writeDataset(buildDataset([{ tag: 0x00204000, vr: "UT", value: comments }]), {
      transferSyntaxUID: explicit,
    });
    let sent = 0;
    const peer = memoryPeer({
      *answer({ request }) {
        while (!request.signal.aborted && sent < 200) {
          sent += 1;
          yield { command: { Status: 0xff00 }, dataset };
        }
        yield { command: { Status: request.signal.aborted ? 0xfe00 : 0 } };
      },
    });
    await expect(findAnswers(scu(peer), remote, "Study", identifier)).rejects.toMatchObject({
      errorName: "NotEnoughMemory",
    });
    expect(sent).toBeLessThan(200);
  });
});
