/** A value of Lua outside of Lua: texts are UTF-8, bytes are strings as they are, and what is null or undefined is nil. */
export type LuaData =
  undefined | null | boolean | number | string | Uint8Array | readonly LuaData[] | { readonly [key: string]: LuaData };

/** What a script wants done after its callback, in the order in which it asked. */
export type Operation =
  | { readonly kind: "store-scu"; readonly resource: string; readonly modality: string; readonly localAet?: string }
  | { readonly kind: "store-peer"; readonly resource: string; readonly peer: string }
  | { readonly kind: "delete"; readonly resource: string }
  | {
      readonly kind: "call-system";
      readonly resource: string;
      readonly command: string;
      readonly arguments: readonly string[];
    };

/** What a script asks the server for, and waits for. */
export type HostRequest =
  | {
      readonly kind: "rest";
      readonly method: HostMethod;
      readonly uri: string;
      readonly body?: Uint8Array | undefined;
      readonly headers: Readonly<Record<string, string>>;
      /** Ask the server's own routes only, not those of plugins. */
      readonly builtin: boolean;
    }
  | {
      readonly kind: "http";
      readonly method: HostMethod;
      readonly url: string;
      readonly body?: Uint8Array | undefined;
      readonly headers: Readonly<Record<string, string>>;
      readonly credentials?: { readonly username: string; readonly password: string } | undefined;
      /** Seconds; undefined: `HttpTimeout`. */
      readonly timeout?: number | undefined;
    }
  | { readonly kind: "configuration" }
  | { readonly kind: "set-stable"; readonly resource: string; readonly stable: boolean }
  | { readonly kind: "get-value"; readonly store: string; readonly key: string }
  | { readonly kind: "set-value"; readonly store: string; readonly key: string; readonly value: string }
  | { readonly kind: "delete-value"; readonly store: string; readonly key: string };

export type HostMethod = "GET" | "POST" | "PUT" | "DELETE";

/** What the thread is told. */
export type ToThread =
  | { readonly kind: "run"; readonly id: number; readonly script: string; readonly name: string }
  | {
      readonly kind: "call";
      readonly id: number;
      readonly callback: string;
      readonly args: readonly LuaData[];
      /** Nobody waits for it: it is not run in the midst of another call. */
      readonly isEvent: boolean;
    }
  | { readonly kind: "answer"; readonly id: number; readonly value?: LuaData; readonly error?: string }
  | { readonly kind: "close" };

/** A script or callback that came to its end. */
export interface LuaResult {
  readonly value: LuaData;
  /** What it printed, a line for each call of `print`. */
  readonly printed: string;
  readonly operations: readonly Operation[];
}

/** What the thread tells. */
export type FromThread =
  | { readonly kind: "result"; readonly id: number; readonly result: LuaResult; readonly callbacks: readonly string[] }
  | { readonly kind: "failed"; readonly id: number; readonly error: string; readonly callbacks: readonly string[] }
  | { readonly kind: "request"; readonly id: number; readonly request: HostRequest }
  | { readonly kind: "print"; readonly text: string }
  | { readonly kind: "error"; readonly text: string };

/** The `workerData` of the thread. */
export interface ThreadData {
  /** One counter: it grows with each message to the thread, which waits for that. */
  readonly signal: Int32Array;
}

/** Functions of scripts that the server calls (behaviour §12.1). */
export const callbackNames = [
  "Initialize",
  "Finalize",
  "OnHeartBeat",
  "ReceivedInstanceFilter",
  "ReceivedCStoreInstanceFilter",
  "OutgoingCStoreInstanceFilter",
  "IncomingHttpRequestFilter",
  "IncomingFindRequestFilter",
  "IncomingWorklistRequestFilter",
  "OutgoingFindRequestFilter",
  "OnStoredInstance",
  "OnStablePatient",
  "OnStableStudy",
  "OnStableSeries",
  "OnDeletedPatient",
  "OnDeletedStudy",
  "OnDeletedSeries",
  "OnDeletedInstance",
  "OnUpdatedPatient",
  "OnUpdatedStudy",
  "OnUpdatedSeries",
  "OnUpdatedInstance",
  "OnJobSubmitted",
  "OnJobSuccess",
  "OnJobFailure",
] as const;
export type CallbackName = (typeof callbackNames)[number];
