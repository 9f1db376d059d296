import { describe, expect, test } from "vitest";
import type { Modality, NamedModality } from "../remotes/modality.ts";
import { createAccess, type Permission } from "./access.ts";

const modality: Modality = {
  AET: "CT1",
  Host: "192.0.2.1",
  Port: 104,
  Manufacturer: "Generic",
  AllowEcho: true,
  AllowFind: true,
  AllowFindWorklist: true,
  AllowGet: true,
  AllowMove: true,
  AllowStore: true,
  AllowNAction: true,
  AllowEventReport: true,
  AllowTranscoding: true,
  UseDicomTls: false,
  LocalAet: "",
  Timeout: 0,
  RetrieveMethod: "SystemDefault",
};

const caller = { callingAet: "CT1", calledAet: "GREYHAVEN", remoteIp: "192.0.2.1" };
const elsewhere = { ...caller, remoteIp: "192.0.2.99" };

interface Case {
  readonly always?: readonly Permission[];
  readonly checkHost?: boolean;
  readonly known?: readonly Partial<Modality>[];
}

function accessOf({ always = [], checkHost = false, known = [] }: Case) {
  const listed: readonly NamedModality[] = known.map((more, at) => ({
    name: `m${at}`,
    modality: { ...modality, ...more },
  }));
  return createAccess({
    alwaysAllowed: new Set(always),
    checkModalityHost: checkHost,
    modalities: { byAet: (aet) => listed.filter((each) => each.modality.AET === aet) },
  });
}

describe("who may connect", () => {
  test.each([
    { who: "unknown callers", access: accessOf({}), from: caller, may: false },
    {
      who: "unknown callers, when anything is allowed to all",
      access: accessOf({ always: ["Echo"] }),
      from: caller,
      may: true,
    },
    { who: "known callers", access: accessOf({ known: [{}] }), from: caller, may: true },
    { who: "known callers from elsewhere", access: accessOf({ known: [{}] }), from: elsewhere, may: true },
    {
      who: "known callers from elsewhere when hosts are checked",
      access: accessOf({ known: [{}], checkHost: true }),
      from: elsewhere,
      may: false,
    },
    {
      who: "known callers at home when hosts are checked",
      access: accessOf({ known: [{}], checkHost: true }),
      from: caller,
      may: true,
    },
  ])("$who: $may", ({ access, from, may }) => {
    expect(access.mayConnect(from)).toBe(may);
  });
});

describe("who may do what", () => {
  test.each([
    { who: "unknown callers", access: accessOf({}), from: caller, may: false },
    { who: "everybody, when it is always allowed", access: accessOf({ always: ["Find"] }), from: caller, may: true },
    {
      who: "everybody, when something else is always allowed",
      access: accessOf({ always: ["Echo"] }),
      from: caller,
      may: false,
    },
    { who: "a known modality", access: accessOf({ known: [{}] }), from: caller, may: true },
    {
      who: "a known modality that may not",
      access: accessOf({ known: [{ AllowFind: false }] }),
      from: caller,
      may: false,
    },
    {
      who: "one that may not, when it is always allowed",
      access: accessOf({ always: ["Find"], known: [{ AllowFind: false }] }),
      from: caller,
      may: true,
    },
    {
      who: "one from elsewhere when hosts are checked",
      access: accessOf({ known: [{}], checkHost: true }),
      from: elsewhere,
      may: false,
    },
    {
      who: "one of two, of which only the other may",
      access: accessOf({ known: [{ AllowFind: false }, { Host: "192.0.2.2" }] }),
      from: caller,
      may: false,
    },
    {
      who: "one of two, of which only it may",
      access: accessOf({ known: [{}, { Host: "192.0.2.2", AllowFind: false }] }),
      from: caller,
      may: true,
    },
    {
      who: "one of two that both may, from elsewhere",
      access: accessOf({ known: [{}, { Host: "192.0.2.2" }] }),
      from: elsewhere,
      may: true,
    },
    {
      who: "one of two of which one may, from elsewhere",
      access: accessOf({ known: [{}, { Host: "192.0.2.2", AllowFind: false }] }),
      from: elsewhere,
      may: false,
    },
  ])("$who: $may", ({ access, from, may }) => {
    expect(access.may(from, "Find")).toBe(may);
  });

  test.each([
    ["Echo", "AllowEcho"],
    ["Find", "AllowFind"],
    ["FindWorklist", "AllowFindWorklist"],
    ["Get", "AllowGet"],
    ["Move", "AllowMove"],
    ["Store", "AllowStore"],
    ["NAction", "AllowNAction"],
    ["EventReport", "AllowEventReport"],
  ] as const)("%s goes by %s", (permission, option) => {
    expect(accessOf({ known: [{ [option]: false }] }).may(caller, permission)).toBe(false);
    expect(accessOf({ known: [{}] }).may(caller, permission)).toBe(true);
  });
});
