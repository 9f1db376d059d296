/** The part of the JavaScript interface of WebAssembly that is used here: TypeScript has it only together with the DOM. */
interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

type WasmExports = Readonly<Record<string, unknown>>;
type WasmImports = Readonly<Record<string, Readonly<Record<string, (...values: number[]) => unknown>>>>;

declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: WasmImports) => { readonly exports: WasmExports };
  readonly Memory: new (description: { readonly initial: number }) => WasmMemory;
};
