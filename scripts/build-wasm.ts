import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as asc from 'assemblyscript/asc';

/** The modules of the folder `assembly`, and their memory in pages of 64 KiB: up to the end of the columns that each lays out. */
const MEMORY_PAGES = { xor: 36, xor2: 45, histogram: 45, samples: 1, crc32c: 1 } as const;

/** What they import. */
const SHARED: ReadonlySet<string> = new Set(['bits.ts', 'starts.ts']);

/** The name of a module that is compiled: `assembly/NAME.ts` becomes `src/wire/gen/NAME-wasm.ts`. */
export type WasmModule = keyof typeof MEMORY_PAGES;

export const WASM_MODULES: readonly WasmModule[] = Object.keys(MEMORY_PAGES) as WasmModule[];

/** Where the text that {@link buildWasm} returns is kept. */
export function wasmTarget(name: WasmModule): URL {
  return new URL(`../src/wire/gen/${name}-wasm.ts`, import.meta.url);
}

/** Compiles a module and returns the text of the one that holds the result. */
export async function buildWasm(name: WasmModule): Promise<string> {
  let binary: Uint8Array | undefined;
  const stderr = asc.createMemoryStream();
  const pages = String(MEMORY_PAGES[name]);
  const { error } = await asc.main(
    [
      `${name}.ts`,
      '--outFile',
      'out.wasm',
      '-O3',
      '--noAssert',
      '--runtime',
      'stub',
      '--initialMemory',
      pages,
      '--maximumMemory',
      pages,
    ],
    {
      readFile: (file) => (SHARED.has(file) || file === `${name}.ts` ? sourceOf(file) : null),
      writeFile: (file, contents) => {
        if (file === 'out.wasm' && typeof contents !== 'string') binary = contents;
      },
      listFiles: () => [],
      stderr,
    },
  );
  if (error !== null || binary === undefined)
    throw new Error(`assembly/${name}.ts does not compile:\n${stderr.toString()}`);
  const base64 = Buffer.from(binary).toString('base64');
  const constant = `${name.toUpperCase()}_WASM`;
  return `// Generated from assembly/${name}.ts by scripts/build-wasm.ts.\nexport const ${constant}: string =\n  '${base64}';\n`;
}

function sourceOf(file: string): string {
  return readFileSync(new URL(`../assembly/${file}`, import.meta.url), 'utf8');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const name of WASM_MODULES) {
    writeFileSync(wasmTarget(name), await buildWasm(name));
    console.log(`wrote ${fileURLToPath(wasmTarget(name))}`);
  }
}
