import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as asc from 'assemblyscript/asc';

const SOURCE = new URL('../assembly/xor.ts', import.meta.url);
const TARGET = new URL('../src/wire/gen/xor-wasm.ts', import.meta.url);

/** 36 pages of 64 KiB: up to the end of the columns that assembly/xor.ts lays out. */
const MEMORY_PAGES = 36;

/** Compiles assembly/xor.ts and returns the text of the module that holds the result. */
export async function buildXorWasm(): Promise<string> {
  const source = readFileSync(SOURCE, 'utf8');
  let binary: Uint8Array | undefined;
  const stderr = asc.createMemoryStream();
  const { error } = await asc.main(
    [
      'xor.ts',
      '--outFile',
      'xor.wasm',
      '-O3',
      '--noAssert',
      '--runtime',
      'stub',
      '--initialMemory',
      String(MEMORY_PAGES),
      '--maximumMemory',
      String(MEMORY_PAGES),
    ],
    {
      readFile: (name) => (name === 'xor.ts' ? source : null),
      writeFile: (name, contents) => {
        if (name === 'xor.wasm' && typeof contents !== 'string') binary = contents;
      },
      listFiles: () => [],
      stderr,
    },
  );
  if (error !== null || binary === undefined)
    throw new Error(`assembly/xor.ts does not compile:\n${stderr.toString()}`);
  const base64 = Buffer.from(binary).toString('base64');
  return `// Generated from assembly/xor.ts by scripts/build-wasm.ts.\nexport const XOR_WASM: string =\n  '${base64}';\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(TARGET, await buildXorWasm());
  console.log(`wrote ${fileURLToPath(TARGET)}`);
}
