import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, fstatSync, openSync, readFileSync, readSync, renameSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getSystemErrorMap } from "node:util";
import { requiredText } from "./arguments.ts";
import type { LuaFunction } from "./lua-state.ts";
import type { LuaStack } from "./lua-stack.ts";

interface OpenFile {
  /** Where the next byte is read or written. */
  position: number;
  readonly appends: boolean;
}

/** Bytes that one read gives at most. */
const largestRead = 256 << 20;
/** Bytes that the output of a command may have. */
const largestOutput = 64 << 20;

/**
 * The files and commands of the machine, on which `files.ts` builds `io` and `os`: those of the WASM see a file system in memory only. What
 * fails gives nil and the reason.
 */
export function fileFunctions(): Readonly<Record<string, LuaFunction>> {
  const open = new Map<number, OpenFile>([1, 2].map((stream) => [stream, { position: 0, appends: true }]));
  const fileAt = (stack: LuaStack): [number, OpenFile] => {
    const descriptor = stack.number(1);
    const file = open.get(descriptor);
    if (file === undefined) throw new Error("attempt to use a closed file");
    return [descriptor, file];
  };
  return {
    _FileOpen: orReason((stack) => {
      const mode = (stack.text(2) ?? "r").replace("b", "");
      const descriptor = openSync(requiredText(stack, 1, "a path"), mode);
      open.set(descriptor, { position: 0, appends: mode.startsWith("a") });
      stack.pushInteger(descriptor);
    }),
    _FileRead: orReason((stack) => {
      const [descriptor, file] = fileAt(stack);
      const rest = fstatSync(descriptor).size - file.position;
      const wanted = stack.isNil(2) ? rest : Math.min(stack.number(2), rest);
      if (wanted > largestRead) throw new Error(`cannot read more than ${largestRead} bytes at once`);
      const bytes = Buffer.alloc(Math.max(wanted, 0));
      const size = readSync(descriptor, bytes, 0, bytes.length, file.position);
      file.position += size;
      stack.push(bytes.subarray(0, size));
    }),
    _FileWrite: orReason((stack) => {
      const [descriptor, file] = fileAt(stack);
      const bytes = stack.bytes(2) ?? Buffer.alloc(0);
      let written = 0;
      while (written < bytes.length) {
        const position = file.appends ? null : file.position + written;
        written += writeSync(descriptor, bytes, written, bytes.length - written, position);
      }
      file.position += written;
      stack.push(true);
    }),
    _FileSeek: orReason((stack) => {
      const [descriptor, file] = fileAt(stack);
      const starts: Readonly<Record<string, number>> = { set: 0, cur: file.position, end: fstatSync(descriptor).size };
      file.position = (starts[stack.text(2) ?? "cur"] ?? file.position) + (stack.isNil(3) ? 0 : stack.number(3));
      stack.pushInteger(file.position);
    }),
    _FileClose: orReason((stack) => {
      const [descriptor] = fileAt(stack);
      open.delete(descriptor);
      closeSync(descriptor);
      stack.push(true);
    }),
    _FileText: orReason((stack) => stack.push(readFileSync(requiredText(stack, 1, "a path")))),
    _FileRemove: orReason((stack) => {
      rmSync(requiredText(stack, 1, "a path"));
      stack.push(true);
    }),
    _FileRename: orReason((stack) => {
      renameSync(requiredText(stack, 1, "a path"), requiredText(stack, 2, "a path"));
      stack.push(true);
    }),
    _FileTemporary: (stack) => stack.push(join(tmpdir(), `lua-${randomUUID()}`)),
    _Environment: (stack) => stack.push(process.env[requiredText(stack, 1, "a name")]),
    _Command: orReason((stack) => {
      const command = requiredText(stack, 1, "a command");
      const { status, signal, stdout, error } = spawnSync(command, {
        shell: true,
        stdio: ["ignore", "pipe", "inherit"],
        maxBuffer: largestOutput,
      });
      if (error !== undefined) throw error;
      stack.push(stdout);
      stack.push(signal ?? "exit");
      stack.pushInteger(status ?? 1);
    }),
  };
}

/** As the libraries of Lua do: nil and the reason instead of an error. */
function orReason(implementation: LuaFunction): LuaFunction {
  return (stack) => {
    const { size } = stack;
    try {
      implementation(stack);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const path = stack.text(1);
      stack.size = size;
      stack.push(null);
      const errno = "errno" in error && typeof error.errno === "number" ? error.errno : undefined;
      const [, reason] = (errno === undefined ? undefined : getSystemErrorMap().get(errno)) ?? [];
      if (errno === undefined || reason === undefined) {
        stack.push(error.message);
        return;
      }
      stack.push(`${path ?? ""}: ${reason.charAt(0).toUpperCase()}${reason.slice(1)}`);
      stack.pushInteger(Math.abs(errno));
    }
  };
}
