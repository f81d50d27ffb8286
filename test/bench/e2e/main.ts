import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseOptions, USAGE, type BenchOptions } from './options.ts';
import { profileRow } from './profile.ts';
import { textOf } from './report/print-result.ts';
import { runBench } from './run.ts';
import { CACHE } from './workload/kept-store.ts';

/** `npm run bench:e2e`: the gateway over real Prometheus servers beside one that has all of their data. */
const PROGRAM = 'dist/main.js';

try {
  const options = parseOptions(process.argv.slice(2));
  if (options.profile !== undefined) console.log(await profileRow(options.profile, options, PROGRAM));
  else {
    const result = await runBench(options, PROGRAM);
    const file = options.out ?? defaultFile(options);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(result, undefined, 2)}\n`);
    console.log(`${textOf(result)}\n\nwritten to ${file}`);
  }
} catch (thrown) {
  console.error(`${thrown instanceof Error ? thrown.message : String(thrown)}\n\n${USAGE}`);
  process.exitCode = 1;
}

function defaultFile({ size, outages, network }: BenchOptions): string {
  const name = `${size}${outages === 'none' ? '' : `-${outages}`}${network ? '-network' : ''}`;
  return join(CACHE, 'results', `${name}.json`);
}
