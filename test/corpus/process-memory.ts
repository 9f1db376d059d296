import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";

/** Whether this system tells the memory of processes as Linux does. */
export const knowsProcessMemory = existsSync("/proc/self/clear_refs");

/** Resident memory of a process now and at its highest since the last reset, in bytes. */
export interface ProcessMemory {
  readonly resident: number;
  readonly peak: number;
}

export async function processMemory(pid: number): Promise<ProcessMemory> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const kilobytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]);
  return { resident: kilobytes("VmRSS") * 1024, peak: kilobytes("VmHWM") * 1024 };
}

/** What an act made a process grow by, above what it had before, and its highest memory meanwhile, in bytes; 0 where the system does not tell. */
export interface Growth<T> {
  readonly result: T;
  readonly growth: number;
  readonly peak: number;
}

export async function growthDuring<T>(pid: number, act: () => Promise<T>): Promise<Growth<T>> {
  if (!knowsProcessMemory) return { result: await act(), growth: 0, peak: 0 };
  // The highest resident memory is counted anew from now on (proc(5): 5 in clear_refs).
  await writeFile(`/proc/${pid}/clear_refs`, "5");
  const { resident } = await processMemory(pid);
  const result = await act();
  const { peak } = await processMemory(pid);
  return { result, growth: peak - resident, peak };
}
