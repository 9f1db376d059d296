/** The last date that was written: in the second in which one instance comes, many come. */
let last = { second: Number.NaN, text: "" };

/** Milliseconds since the epoch as Orthanc writes dates: `YYYYMMDDTHHMMSS`, UTC. */
export function utcDate(milliseconds: number): string {
  const second = Math.floor(milliseconds / 1000);
  if (second !== last.second) last = { second, text: written(milliseconds) };
  return last.text;
}

function written(milliseconds: number): string {
  const iso = new Date(milliseconds).toISOString();
  const date = iso.slice(0, 4) + iso.slice(5, 7) + iso.slice(8, 10);
  return `${date}T${iso.slice(11, 13)}${iso.slice(14, 16)}${iso.slice(17, 19)}`;
}

/** Reads what `utcDate` writes; NaN for anything else. */
export function parseUtcDate(text: string): number {
  const digits = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)$/.exec(text)?.slice(1).map(Number);
  if (digits === undefined) return Number.NaN;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = digits;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
