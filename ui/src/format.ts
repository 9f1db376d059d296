/** `Doe^John^^Dr` → `Doe, John, Dr`; of several representations (PS3.5 §6.2.1) the first that is not empty. */
export function personName(value: string | undefined): string {
  const group = (value ?? "").split("=").find((text) => /[^^\s]/.test(text)) ?? "";
  const parts = group.split("^").map((part) => part.trim());
  return parts.filter((part) => part !== "").join(", ") || "(no name)";
}

/** `20261123` → `2026-11-23`; anything else as it is. */
export function date(value: string | undefined): string {
  const match = /^(\d{4})(\d{2})(\d{2})$/.exec(value ?? "");
  return match === null ? (value ?? "") : `${match[1]}-${match[2]}-${match[3]}`;
}

/** `101500.25` → `10:15:00`; anything else as it is. */
export function time(value: string | undefined): string {
  const match = /^(\d{2})(\d{2})(\d{2})(\.\d+)?$/.exec(value ?? "");
  return match === null ? (value ?? "") : `${match[1]}:${match[2]}:${match[3]}`;
}

/** A moment of Orthanc's (`20261123T085654.033000`, UTC) or in ISO 8601, in the reader's own time; anything else as it is. */
export function moment(value: string): string {
  const iso = value.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\.\d+)?$/, "$1-$2-$3T$4:$5:$6Z");
  const when = new Date(iso);
  if (Number.isNaN(when.getTime())) return value;
  // The Swedish form is that of ISO 8601, with a space.
  return when.toLocaleString("sv-SE");
}

/** Bytes for people: `526 kB`. */
export function size(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : value.toFixed(0)} ${units[power]}`;
}

/** `StudyInstanceUID` → `Study Instance UID` */
export function words(keyword: string): string {
  return keyword.replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ");
}

/** The value of an attribute in the form that people read, by its keyword; `–` when there is none. */
export function attributeText(keyword: string, value: string | undefined): string {
  if (value === undefined || value === "") return "–";
  if (/^(Patient|.*Physician)Name$/.test(keyword)) return personName(value);
  if (keyword.endsWith("Date")) return date(value);
  if (keyword.endsWith("Time")) return time(value);
  return value;
}

/** `1 file`, `2 files` */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
