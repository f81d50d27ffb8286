import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import fc from 'fast-check';
import { assertProperty, howToRepeat, resolveTrials, sampled } from './property.ts';

describe('the trials of a property', () => {
  it('are what the test says where the environment says nothing', () => {
    assert.deepEqual(resolveTrials({ seed: 7, numRuns: 30 }, {}), { seed: 7, numRuns: 30 });
    assert.equal(resolveTrials({ seed: 7 }, {}).numRuns, 100);
  });

  it('are as many times as many as the environment says', () => {
    assert.equal(resolveTrials({ seed: 7, numRuns: 30 }, { RUNS: '10' }).numRuns, 300);
  });

  it('have a seed of their own for each seed of the environment and each of the test', () => {
    const seeds = [1, 2, 3].flatMap((seed) =>
      ['1', '2', '3'].map((SEED) => resolveTrials({ seed }, { SEED }).seed),
    );
    assert.equal(new Set(seeds).size, 9);
    assert.equal(resolveTrials({ seed: 1 }, { SEED: '1' }).seed, seeds[0]);
  });

  it('are refused where the environment has no whole numbers', () => {
    for (const text of ['', '0', '-1', '1.5', '0x10', '9999999999'])
      assert.throws(() => resolveTrials({ seed: 1 }, { SEED: text }), {
        name: 'RangeError',
        message: `SEED is a whole number from 1 to 999999999, not "${text}"`,
      });
    assert.throws(() => resolveTrials({ seed: 1 }, { RUNS: 'many' }), /^RangeError: RUNS is a whole number/);
  });

  it('give the same values each time', () => {
    assert.deepEqual(sampled(fc.nat(), { seed: 3, numRuns: 5 }), sampled(fc.nat(), { seed: 3, numRuns: 5 }));
    assert.notDeepEqual(
      sampled(fc.nat(), { seed: 3, numRuns: 5 }),
      sampled(fc.nat(), { seed: 4, numRuns: 5 }),
    );
  });
});

describe('a property that does not hold', () => {
  const small = fc.property(fc.nat(), (n) => assert.ok(n < 1000, `${n} is too much`));

  it('fails with the smallest counterexample, its cause and the way to it', () => {
    assert.throws(
      () => assertProperty(small, { seed: 1 }),
      (thrown) =>
        thrown instanceof Error &&
        /Counterexample: \[1000\]/.test(thrown.message) &&
        thrown.message.endsWith(howToRepeat(process.env)) &&
        thrown.cause instanceof assert.AssertionError,
    );
  });

  it('fails where it is asynchronous, too', async () => {
    const property = fc.asyncProperty(fc.nat(), async (n) => {
      await Promise.resolve();
      assert.ok(n < 1000);
    });
    await assert.rejects(assertProperty(property, { seed: 1, endOnFailure: true }), /Property failed after/);
  });

  it('names the seed of a longer run', () => {
    assert.equal(
      howToRepeat({ SEED: '42', RUNS: '10' }),
      'SEED=42 RUNS=10 npm run test:long -- FILE fails the same way again, where FILE is the file of this test.',
    );
    assert.match(howToRepeat({}), /fixed/);
  });
});

describe('the longer run', () => {
  const long = (args: readonly string[], env: NodeJS.ProcessEnv): { status: number | null; text: string } => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/test-long.ts', ...args], {
      env: { ...process.env, NODE_TEST_CONTEXT: undefined, ...env },
      encoding: 'utf8',
    });
    return { status, text: stdout + stderr };
  };

  /** A new test file with a property of any whole number `n` from 0 on. */
  const fileOf = (t: TestContext, property: string): string => {
    const folder = mkdtempSync(join(tmpdir(), 'promweave-property-'));
    t.after(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'numbers.test.ts');
    writeFileSync(
      file,
      `import { test } from 'node:test';
       import fc from '${import.meta.resolve('fast-check')}';
       import { assertProperty } from '${import.meta.resolve('./property.ts')}';
       test('numbers', () => assertProperty(fc.property(fc.nat(), (n) => ${property}), { seed: 1 }));`,
    );
    return file;
  };

  it('says its seed before it begins, and again after a failure', (t) => {
    const file = fileOf(t, 'n < 0');
    const { status, text } = long([file], { SEED: '17', RUNS: '2' });
    assert.equal(status, 1);
    assert.match(text, /^SEED=17 RUNS=2: 1 test file\n/);
    assert.match(text, /Property failed after 1 tests/);
    assert.match(text, /SEED=17 RUNS=2 npm run test:long -- FILE fails the same way again/);
    assert.ok(text.endsWith(`\nFailed. The same again: SEED=17 RUNS=2 npm run test:long -- ${file}\n`), text);
  });

  it('draws a seed where none is given', (t) => {
    const file = fileOf(t, 'n >= 0');
    const seeds = [1, 2].map(() => {
      const { status, text } = long([file], { SEED: undefined, RUNS: '1' });
      assert.equal(status, 0, text);
      return /^SEED=(\d+) RUNS=1: /.exec(text)?.[1];
    });
    assert.ok(seeds[0] !== undefined && seeds[0] !== seeds[1], String(seeds));
  });
});

it('no test draws random values beside this helper', () => {
  const files = globSync('test/**/*.ts').filter((file) => !file.startsWith('test/support/property.'));
  assert.ok(files.length > 300, `only ${files.length} files were looked at`);
  const strays = files.filter((file) =>
    /\bfc\.(?:assert|check|sample|statistics)\(|Math\.random\(/.test(readFileSync(file, 'utf8')),
  );
  assert.deepEqual(strays, []);
});
