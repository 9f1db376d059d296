import type { LogCategory } from "./log.ts";

export type LogLevel = "error" | "warn" | "info" | "trace";

const letters: Readonly<Record<LogLevel, string>> = { error: "E", warn: "W", info: "I", trace: "T" };

/**
 * One line in Orthanc's manner: `W1123 14:03:22.041000 http] message name=value`, without the category when it is undefined. Line breaks in
 * the message stay within the line.
 */
export function logLine(
  level: LogLevel,
  time: Date,
  category: LogCategory | undefined,
  { message, fields }: { readonly message: string; readonly fields: Readonly<Record<string, unknown>> },
): string {
  const pairs = Object.entries(fields).map(([name, value]) => ` ${name}=${fieldText(value)}`);
  const text = `${message}${pairs.join("")}`.replaceAll(/\r?\n/g, "\\n");
  return `${letters[level]}${timestamp(time)}${category === undefined ? "" : ` ${category}`}] ${text}\n`;
}

const two = (value: number) => String(value).padStart(2, "0");

/** Month, day and local time of day, as `1123 14:03:22.041000`. */
function timestamp(time: Date): string {
  const day = `${two(time.getMonth() + 1)}${two(time.getDate())}`;
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(":");
  return `${day} ${clock}.${String(time.getMilliseconds()).padStart(3, "0")}000`;
}

function fieldText(value: unknown): string {
  if (typeof value === "string" && /^[^\s"=]+$/.test(value)) return value;
  return JSON.stringify(value) ?? String(value);
}
