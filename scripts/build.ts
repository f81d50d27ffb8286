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

/** Empties the folder and builds into it. It must lie beside `proto`, which the program reads from `../proto`. */
export async function build(folder: string): Promise<void> {
  const bundle = await rolldown({
    // A thread is started by its path, beside the chunk that starts it.
    input: { main: 'src/main.ts', 'row-thread': 'src/select/offload/row-thread.ts' },
    platform: 'node',
    external: [...EXTERNAL_PACKAGES],
    onLog(level, { message }) {
      // Above all an import that cannot be resolved: the program would fail where it is needed.
      if (level === 'warn') throw new Error(`the build would not be whole: ${message}`);
    },
  });
  rmSync(folder, { recursive: true, force: true });
  const { output } = await bundle.write({
    dir: folder,
    format: 'esm',
    entryFileNames: ({ name }) => (name === 'main' ? 'main.js' : `chunks/${name}.js`),
    // Without a hash of the contents: the cache of compiled code goes by names.
    chunkFileNames: 'chunks/[name].js',
    sourcemap: true,
    minify: false,
    comments: { legal: true, annotation: false, jsdoc: false },
    // A single character past Latin-1 would double what Node holds of a file, and slow down its parser.
    charset: 'ascii',
  });
  await bundle.close();
  const chunks = output.filter((file): file is OutputChunk => file.type === 'chunk');
  writeFileSync(
    join(folder, 'THIRD-PARTY-LICENSES.txt'),
    licenseTexts(chunks.flatMap(({ moduleIds }) => moduleIds)),
  );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await build('dist');
