import { transferSyntaxes } from "../dicom/transfer-syntaxes.ts";

/** One row of a table of the statement. */
type Row = readonly [name: string, value: string];

/** What the statement is about. */
export interface ConformanceSubject {
  readonly name: string;
  readonly version: string;
}

const services: readonly Row[] = [
  ["Studies Store (STOW-RS)", "PS3.18 section 10.5"],
  ["Studies Search (QIDO-RS)", "PS3.18 section 10.6"],
  ["Studies Retrieve (WADO-RS)", "PS3.18 section 10.4"],
  ["Retrieve of one instance (WADO-URI)", "PS3.18 section 9"],
];

const userAgentServices: readonly Row[] = [
  ["Studies Store (STOW-RS)", "PS3.18 section 10.5"],
  ["Studies Search (QIDO-RS)", "PS3.18 section 10.6"],
  ["Studies Retrieve (WADO-RS)", "PS3.18 section 10.4"],
];

const characterSets: readonly Row[] = [
  ["Single-byte with code extensions", "ISO_IR 100, 101, 109, 110, 144, 127, 126, 138, 148, 166, 203, 13"],
  ["Multi-byte with code extensions", "ISO 2022 IR 87, 159, 149, 58"],
  ["Without code extensions", "ISO_IR 192, GB18030, GBK"],
];

/** The DICOM conformance statement (PS3.2), made from the tables that the server works by. */
export function conformanceStatement({ name, version }: ConformanceSubject): string {
  const title = `DICOM Conformance Statement of ${name} ${version}`;
  const line = "=".repeat(title.length);
  return [
    `${line}\n${title}\n${line}\n`,
    section("DICOMweb origin server", "Services offered:", services),
    section("DICOMweb user agent", "Services used of remote servers:", userAgentServices),
    section(
      "Storage",
      "Objects of any SOP class are stored as they are received, in these transfer syntaxes:",
      transferSyntaxes.map(({ name, uid }): Row => [name, uid]),
    ),
    section("Character sets", "Text is read in these sets (PS3.3 section C.12.1.1.2):", characterSets),
  ].join("\n");
}

function section(title: string, introduction: string, rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  const line = "-".repeat(title.length);
  const table = rows.map(([name, value]) => `  ${name.padEnd(width)} | ${value}\n`).join("");
  return `\n${line}\n${title}\n${line}\n\n${introduction}\n\n${table}`;
}
