/** How the values of a VR are encoded (PS3.5 §6.2). */
export type ValueKind = "text" | "integer" | "float" | "bytes" | "tags" | "sequence";

/** What the codecs need to know of a value representation. */
export interface VRRow {
  readonly kind: ValueKind;
  /** Bytes of one value of a binary VR, the unit of byte swapping (PS3.5 §7.3); 1 for text and bytes. */
  readonly size: 1 | 2 | 4 | 8;
  /** Explicit VR with two reserved bytes and a 32-bit length (PS3.5 §7.1.2). */
  readonly longForm: boolean;
  /** Text whose values are separated by a backslash (PS3.5 §6.4). */
  readonly multiValued: boolean;
  /** Text in the specific character set (PS3.5 §6.1.2.3). */
  readonly localised: boolean;
  readonly signed: boolean;
}

const row = (kind: ValueKind, more: Partial<VRRow> = {}): VRRow => ({
  kind,
  size: 1,
  longForm: false,
  multiValued: kind === "text",
  localised: false,
  signed: false,
  ...more,
});

/** The value representations of PS3.5 Table 6.2-1. */
export const vrTable = {
  AE: row("text"),
  AS: row("text"),
  AT: row("tags", { size: 2 }),
  CS: row("text"),
  DA: row("text"),
  DS: row("text"),
  DT: row("text"),
  FD: row("float", { size: 8 }),
  FL: row("float", { size: 4 }),
  IS: row("text"),
  LO: row("text", { localised: true }),
  LT: row("text", { localised: true, multiValued: false }),
  OB: row("bytes", { longForm: true }),
  OD: row("bytes", { longForm: true, size: 8 }),
  OF: row("bytes", { longForm: true, size: 4 }),
  OL: row("bytes", { longForm: true, size: 4 }),
  OV: row("bytes", { longForm: true, size: 8 }),
  OW: row("bytes", { longForm: true, size: 2 }),
  PN: row("text", { localised: true }),
  SH: row("text", { localised: true }),
  SL: row("integer", { size: 4, signed: true }),
  SQ: row("sequence", { longForm: true }),
  SS: row("integer", { size: 2, signed: true }),
  ST: row("text", { localised: true, multiValued: false }),
  SV: row("integer", { longForm: true, size: 8, signed: true }),
  TM: row("text"),
  UC: row("text", { longForm: true, localised: true }),
  UI: row("text"),
  UL: row("integer", { size: 4 }),
  UN: row("bytes", { longForm: true }),
  UR: row("text", { longForm: true, multiValued: false }),
  US: row("integer", { size: 2 }),
  UT: row("text", { longForm: true, localised: true, multiValued: false }),
  UV: row("integer", { longForm: true, size: 8 }),
} as const satisfies Record<string, VRRow>;

export type VR = keyof typeof vrTable;

/** The row of `vrTable`, seen as one type. */
export function vrRow(vr: VR): VRRow {
  return vrTable[vr];
}

export function isVR(text: string): text is VR {
  return Object.hasOwn(vrTable, text);
}

/** Whether the value is read as characters rather than numbers, bytes, tags or items. */
export function isTextVR(vr: VR): boolean {
  return vrTable[vr].kind === "text";
}

/** A VR as explicit VR data prints it: its two letters as one big-endian number. */
export interface ExplicitVR {
  readonly vr: VR;
  readonly longForm: boolean;
}

const firstCode = 0x4141;

/** Sparse table indexed by the two letters, for the parser's inner loop. */
const byCode: readonly (ExplicitVR | undefined)[] = (() => {
  const table = Array.from<ExplicitVR | undefined>({ length: 0x1919 + 1 });
  for (const vr of Object.keys(vrTable).filter(isVR)) {
    table[vr.charCodeAt(0) * 256 + vr.charCodeAt(1) - firstCode] = { vr, longForm: vrTable[vr].longForm };
  }
  return table;
})();

/** The VR whose letters are `code >> 8` and `code & 255`; undefined when there is none. */
export function explicitVR(code: number): ExplicitVR | undefined {
  return byCode[code - firstCode];
}
