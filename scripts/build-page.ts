/**
 * Builds the page: `ui` and its libraries become a few files whose names change with their contents, each also compressed, and a
 * manifest that the gateway reads. rolldown does it, which builds the program too; styles need nothing but to stand in one file.
 *
 *     node scripts/build-page.ts [--if-changed]
 */
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { OutputChunk } from 'rolldown';
import type { PageManifest } from '../src/http/routes/page/manifest.ts';
import { licenseTexts } from './license-texts.ts';

const FOLDER = 'dist-page';

/** What the page is made of. */
const SOURCES = [
  'ui/**/*.{ts,tsx,css,html,json}',
  'src/http/api/*.ts',
  'scripts/build-page.ts',
  'package-lock.json',
];

/** In this order, because later rules win. */
const STYLES = ['node_modules/uplot/dist/uPlot.min.css', ...globSync('ui/styles/*.css').toSorted()];

/** Where the document names the files that it loads. */
const HEAD_MARK = '<!-- files -->';

/** Empties the folder and builds into it. Types are for tsc to check. */
export async function buildPage(folder: string = FOLDER): Promise<void> {
  // It takes a third of a second to load, which a start without a build should not cost.
  const { rolldown } = await import('rolldown');
  const bundle = await rolldown({
    input: { page: 'ui/main.tsx' },
    platform: 'browser',
    tsconfig: 'ui/tsconfig.json',
    transform: { define: { 'process.env.NODE_ENV': '"production"' }, target: 'es2022' },
    onLog(level, { message }) {
      if (level === 'warn') throw new Error(`the page would not be whole: ${message}`);
    },
  });
  const { output } = await bundle.generate({
    format: 'esm',
    entryFileNames: '[name]-[hash].js',
    chunkFileNames: '[name]-[hash].js',
    minify: true,
    comments: { legal: false, annotation: false, jsdoc: false },
  });
  await bundle.close();
  const chunks = output.filter((file): file is OutputChunk => file.type === 'chunk');
  const entry = chunks.find(({ isEntry }) => isEntry)!;
  const styles = STYLES.map((path) => readFileSync(path, 'utf8')).join('\n');
  const stylesName = `page-${hashOf(styles)}.css`;

  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'assets'), { recursive: true });
  const assets = chunks.map(({ fileName, code }) => ({ name: fileName, text: code }));
  assets.push({ name: stylesName, text: styles });
  for (const { name, text } of assets) writeAsset(join(folder, 'assets', name), Buffer.from(text));
  const licenses = licenseTexts([
    ...chunks.flatMap(({ moduleIds }) => moduleIds),
    join(process.cwd(), STYLES[0]!),
  ]);
  writeFileSync(join(folder, 'THIRD-PARTY-LICENSES.txt'), licenses);
  const head = [
    `<link rel="stylesheet" href="assets/${stylesName}">`,
    ...entry.imports.map((name) => `<link rel="modulepreload" href="assets/${name}">`),
    `<script type="module" src="assets/${entry.fileName}"></script>`,
  ];
  const manifest: PageManifest = {
    document: readFileSync('ui/index.html', 'utf8').replace(HEAD_MARK, head.join('\n    ')),
    assets: assets.map(({ name }) => name),
    stamp: stampOfSources(),
  };
  // Last, so that a build that broke off is made again.
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
}

function writeAsset(path: string, body: Buffer): void {
  writeFileSync(path, body);
  writeFileSync(`${path}.gz`, gzipSync(body, { level: 9 }));
  const quality = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: body.length };
  writeFileSync(`${path}.br`, brotliCompressSync(body, { params: quality }));
}

function stampOfSources(): string {
  const hash = createHash('sha256');
  for (const path of SOURCES.flatMap((pattern) => globSync(pattern)).toSorted())
    hash.update(`${path}\0`).update(readFileSync(path)).update('\0');
  return hash.digest('base64url');
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 8);
}

function isBuilt(folder: string): boolean {
  const path = join(folder, 'manifest.json');
  if (!existsSync(path)) return false;
  return (JSON.parse(readFileSync(path, 'utf8')) as PageManifest).stamp === stampOfSources();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  if (!process.argv.includes('--if-changed') || !isBuilt(FOLDER)) await buildPage();
}
