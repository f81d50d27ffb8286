/** A constant of AssemblyScript, which is exported as a global. */
export interface WasmConstant {
  readonly value: number;
}

/** What every module of the folder `assembly` exports. */
export interface WasmExports {
  readonly memory: { readonly buffer: ArrayBuffer };
}

/** The part of the WebAssembly interface that is needed here; TypeScript has it in its browser library only. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/**
 * Starts a module of `src/wire/gen` and returns its exports, whose shape the caller knows. One instance a thread is enough:
 * decoding is synchronous, so its memory is never in use twice.
 */
export function startWasm(base64: string): unknown {
  return new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(base64, 'base64'))).exports;
}
