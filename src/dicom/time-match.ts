import type { TextMatch } from "../util/text-match.ts";

type RangeMatch = Extract<TextMatch, { readonly match: "range" }>;

/** Brings values into a form whose order as text is that of time. */
interface Scale {
  /** The first instant that a value means. */
  readonly first: (value: string) => string;
  readonly last: (value: string) => string;
}

/** `YYYYMMDD`, of ACR-NEMA's `YYYY.MM.DD` too. */
const day = (date: string): string => date.replaceAll(".", "");

/** `HHMMSS.FFFFFF`, what is not said (PS3.5 §6.2, TM) as in `rest`; of ACR-NEMA's `HH:MM:SS` too. */
function instant(time: string, rest: "000000.000000" | "235959.999999"): string {
  const plain = time.replaceAll(":", "");
  return plain + rest.slice(plain.length);
}

const scales = {
  DA: { first: day, last: day },
  TM: { first: (time) => instant(time, "000000.000000"), last: (time) => instant(time, "235959.999999") },
} as const satisfies Record<string, Scale>;

/**
 * A test of dates or times by what they mean, in any precision: `0830` is all of that minute, so that 08:30:15 is one of `0830` and of
 * `0700-0830` (PS3.4 §C.2.2.2.1, §C.2.2.2.5). An empty value passes none.
 */
export function timeMatcher(vr: keyof typeof scales, match: TextMatch): (value: string) => boolean {
  const { first, last }: Scale = scales[vr];
  const ranges = rangesOf(match).map(({ from, to }) => ({
    from: from === undefined ? undefined : first(from),
    to: to === undefined ? undefined : last(to),
  }));
  return (value) => value !== "" && ranges.some(({ from, to }) => isWithin(first(value), from, to));
}

/** The ranges that a match stands for; there are no wildcards in dates and times. */
function rangesOf(match: TextMatch): readonly Pick<RangeMatch, "from" | "to">[] {
  if (match.match === "range") return [match];
  if (match.match === "equal") return [{ from: match.value, to: match.value }];
  if (match.match === "wildcard") return [];
  return match.values.filter((value) => value !== "").map((value) => ({ from: value, to: value }));
}

/**
 * A test of a date and its time by one period: from the first time of the first date to the last time of the last date
 * (PS3.4 Table K.6-1, Scheduled Procedure Step Start Time).
 */
export function periodMatcher(dates: RangeMatch, times: RangeMatch): (date: string, time: string) => boolean {
  const from = dates.from === undefined ? undefined : day(dates.from) + scales.TM.first(times.from ?? "");
  const to = dates.to === undefined ? undefined : day(dates.to) + scales.TM.last(times.to ?? "");
  return (date, time) => date !== "" && time !== "" && isWithin(day(date) + scales.TM.first(time), from, to);
}

function isWithin(value: string, from: string | undefined, to: string | undefined): boolean {
  return (from === undefined || value >= from) && (to === undefined || value <= to);
}
