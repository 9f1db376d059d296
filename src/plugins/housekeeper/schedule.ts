import { ServerError } from "../../plugin-api.ts";

const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;

interface Hours {
  /** Included. */
  readonly from: number;
  /** Not included. */
  readonly to: number;
}

/** The hours of each day, from Sunday on, in the time of the computer. */
export type Schedule = readonly (readonly Hours[])[];

/** Reads `{"Monday": ["0-6", "20-24"], …}`; days that are not named have no hours. Throws `ParameterOutOfRange`. */
export function readSchedule(value: unknown): Schedule {
  if (typeof value !== "object" || value === null) throw wrong("expected an object");
  const unknown = Object.keys(value).find((name) => !days.some((day) => day === name));
  if (unknown !== undefined) throw wrong(`expected days such as "Monday", found "${unknown}"`);
  const entries = new Map<string, unknown>(Object.entries(value));
  return days.map((day) => readDay(day, entries.get(day) ?? []));
}

function readDay(day: string, periods: unknown): readonly Hours[] {
  if (!Array.isArray(periods)) throw wrong(`${day}: expected an array such as ["0-6"]`);
  return periods.map((period: unknown) => {
    const [, from, to] = /^(\d\d?)-(\d\d?)$/.exec(String(period)) ?? [];
    const hours = { from: Number(from), to: Number(to) };
    if (hours.from < hours.to && hours.to <= 24) return hours;
    throw wrong(`${day}: expected hours such as "0-6", found ${JSON.stringify(period)}`);
  });
}

function wrong(details: string): ServerError {
  return new ServerError("ParameterOutOfRange", `Housekeeper.Schedule: ${details}`);
}

/** Whether the hour of `now`, in milliseconds since the epoch, is one of the schedule's. */
export function isWithin(schedule: Schedule, now: number): boolean {
  const date = new Date(now);
  const hour = date.getHours();
  return (schedule[date.getDay()] ?? []).some(({ from, to }) => from <= hour && hour < to);
}

/** Milliseconds until the next hour begins. */
export function untilNextHour(now: number): number {
  const next = new Date(now);
  next.setHours(next.getHours() + 1, 0, 0, 0);
  return next.getTime() - now;
}
