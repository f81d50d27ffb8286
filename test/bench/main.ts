import { readdirSync } from 'node:fs';

/** Runs the benchmarks of this folder that the command line names (`decode-chunks`), or all of them. */
const SUFFIX = '.bench.ts';

interface Benchmark {
  readonly run: () => Promise<void>;
}

const wanted = process.argv.slice(2);
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(SUFFIX))
  .map((file) => file.slice(0, -SUFFIX.length));

const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`no benchmark named ${unknown.join(', ')}; there are ${names.join(', ')}`);
  process.exitCode = 1;
} else {
  for (const name of names.filter((name) => wanted.length === 0 || wanted.includes(name))) {
    const { run } = (await import(`./${name}${SUFFIX}`)) as Benchmark;
    console.log(`\n${name}`);
    await run();
  }
}
