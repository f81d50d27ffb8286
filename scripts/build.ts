/**
 * Builds the program: `src` and what it uses of its libraries become a few files, because Node starts much faster
 * from them than from a thousand modules. Names and lines stay as they are written, so that stack traces can be
 * read; `NODE_OPTIONS=--enable-source-maps` leads them back to `src`. Types are for tsc to check.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown, type OutputChunk } from 'rolldown';
import { licenseTexts } from './license-texts.ts';

/** Packages with native code cannot be a part of a file of JavaScript: the program finds them in `node_modules`. */
export const EXTERNAL_PACKAGES: readonly string[] = ['@node-rs/bcrypt', 'snappy'];

/** Modules that threads start by their path, beside the chunk that starts them. */
const ROW_THREAD = { 'row-thread': 'src/select/offload/row-thread.ts' };
/** Those of threads that answer one question (`src/model/own-thread.ts`). */
const OWN_THREADS: Readonly<Record<string, string>> = {
  'list-thread': 'src/cluster/discovery/list-thread.ts',
  'config-thread': 'src/cli/config-thread.ts',
};

/** Empties the folder and builds into it. It must lie beside `proto`, which the program reads from `../proto`. */
export async function build(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  const chunks = await bundle(folder, { main: 'src/main.ts', ...ROW_THREAD }, true);
  // Each is whole by itself: what it shares with the program would be cut into many small files, which each start would have to read.
  for (const [name, module] of Object.entries(OWN_THREADS))
    chunks.push(...(await bundle(folder, { [name]: module }, false)));
  writeFileSync(
    join(folder, 'THIRD-PARTY-LICENSES.txt'),
    licenseTexts(chunks.flatMap(({ moduleIds }) => moduleIds)),
  );
}

async function bundle(
  folder: string,
  input: Readonly<Record<string, string>>,
  codeSplitting: boolean,
): Promise<OutputChunk[]> {
  const built = await rolldown({
    input,
    platform: 'node',
    external: [...EXTERNAL_PACKAGES],
    onLog(level, { message }) {
      // Above all an import that cannot be resolved: the program would fail where it is needed.
      if (level === 'warn') throw new Error(`the build would not be whole: ${message}`);
    },
  });
  const { output } = await built.write({
    dir: folder,
    format: 'esm',
    codeSplitting,
    entryFileNames: ({ name }) => (name === 'main' ? 'main.js' : `chunks/${name}.js`),
    // Without a hash of the contents: the cache of compiled code goes by names.
    chunkFileNames: 'chunks/[name].js',
    sourcemap: true,
    minify: false,
    comments: { legal: true, annotation: false, jsdoc: false },
    // A single character past Latin-1 would double what Node holds of a file, and slow down its parser.
    charset: 'ascii',
  });
  await built.close();
  return output.filter((file): file is OutputChunk => file.type === 'chunk');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await build('dist');
