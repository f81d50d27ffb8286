/**
 * `npm run test:long [-- FILE…]`: runs what `npm test` has no time for, all of it where no file is named. These are the property
 * and fuzz tests, with a seed that is drawn anew and more trials, and the tests of packages (`*.long.ts`), with helm. It
 * prints the seed first, and again where a test fails.
 *
 * SEED=…  repeats a run.
 * RUNS=…  tries each property so many times as often as `npm test`; 10 where it is left out.
 */
import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import process from 'node:process';

const DEFAULT_RUNS = '10';

const seed = process.env['SEED'] ?? String(randomInt(1, 1_000_000_000));
const runs = process.env['RUNS'] ?? DEFAULT_RUNS;
const given = process.argv.slice(2);
const [together, alone] = given.length > 0 ? [given, []] : [propertyTests(), longTests()];
const count = together.length + alone.length;
const repeat = `SEED=${seed} RUNS=${runs}`;

if (given.length === 0) spawnSync(process.execPath, ['scripts/install-helm.ts'], { stdio: 'inherit' });
console.log(`${repeat}: ${count} test ${count === 1 ? 'file' : 'files'}`);
// Those of packages build into the same folder, so none runs beside another.
if (![passed(together, 2), passed(alone, 1)].every(Boolean)) {
  console.error(`Failed. The same again: ${[repeat, 'npm run test:long', ...withDashes(given)].join(' ')}`);
  process.exitCode = 1;
}

function passed(files: readonly string[], atOnce: number): boolean {
  if (files.length === 0) return true;
  const { status } = spawnSync(process.execPath, ['--test', `--test-concurrency=${atOnce}`, ...files], {
    stdio: 'inherit',
    env: { ...process.env, SEED: seed, RUNS: runs },
  });
  return status === 0;
}

/**
 * The test files that draw random values. What is compared with an old server is not among them: each new query may meet
 * something that changed since.
 */
function propertyTests(): readonly string[] {
  return globSync('test/**/*.test.ts', { exclude: ['test/real/**'] })
    .filter((file) => readFileSync(file, 'utf8').includes("support/property.ts'"))
    .toSorted();
}

/** What builds and installs packages, and what looks closer where helm is there. */
function longTests(): readonly string[] {
  return globSync(['test/**/*.long.ts', 'test/deploy/chart/*.test.ts']).toSorted();
}

function withDashes(args: readonly string[]): readonly string[] {
  return args.length === 0 ? [] : ['--', ...args];
}
