import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PIECE_STEPS } from '../../../src/gateway/results-cache/piece-steps.ts';
import { ResultsCache, type Found } from '../../../src/gateway/results-cache/results-cache.ts';
import type { Stretch } from '../../../src/gateway/results-cache/stretch.ts';
import { labelsFromRecord } from '../../../src/model/labels.ts';
import { ownBudget } from '../../../src/model/own-budget.ts';
import { Pacer } from '../../../src/model/pacer.ts';

const NUMBERS = { start: 0, interval: 1000 };
const pacer = new Pacer(new AbortController());

function caching(bytes = 1e6) {
  const clock = { time: 1, now: () => 0, monotonic: () => clock.time };
  return { clock, cache: new ResultsCache({ bytes, lifetime: 5000, minFresh: 0 }, clock) };
}

/** A series with a sample at each step, whose value is its number. */
function stretch(from: number, to: number): Stretch {
  const v = Float64Array.from({ length: to - from }, (_, i) => from + i);
  const columns = { length: v.length, t: v.map((step) => step * 1000), v, h: undefined, st: undefined };
  const counts = new Float64Array(v.length).fill(1);
  return { from, to, series: [{ labels: labelsFromRecord({ a: 'b' }), columns }], counts, annotations: [] };
}

const find = (cache: ResultsCache, key: string, from: number, to: number): Promise<Found> =>
  cache.find({ key, numbers: NUMBERS, from, to, settled: to }, pacer, ownBudget());

async function found(cache: ResultsCache, from: number, to: number): Promise<readonly string[]> {
  const { stretches } = await find(cache, 'q', from, to);
  return stretches.map(({ from: begin, to: end, series }) => {
    const values = series.flatMap(({ columns }) => [...columns.v.subarray(0, columns.length)]);
    assert.deepEqual(
      values,
      Array.from({ length: end - begin }, (_, i) => begin + i),
    );
    return `${begin}-${end}`;
  });
}

const keep = (cache: ResultsCache, from: number, to: number, since = 1): Promise<void> =>
  cache.keep('q', NUMBERS, stretch(from, to), since, pacer);

describe('results that are kept', () => {
  test('are found where they are asked for again, and cut to what is asked for', async () => {
    const { cache } = caching();
    await keep(cache, 10, 20);
    assert.deepEqual(await found(cache, 12, 15), ['12-15']);
    assert.deepEqual(await found(cache, 0, 100), ['10-20']);
    assert.deepEqual(await found(cache, 20, 30), []);
    assert.deepEqual((await find(cache, 'other', 10, 20)).stretches, []);
  });

  test('are found as the longest run of pieces without a gap', async () => {
    const { cache } = caching();
    await keep(cache, 0, 200);
    await keep(cache, PIECE_STEPS, 2 * PIECE_STEPS);
    await keep(cache, 2 * PIECE_STEPS, 2 * PIECE_STEPS + 10);
    await keep(cache, -PIECE_STEPS, -100);
    assert.deepEqual(await found(cache, -1000, 1000), ['256-512', '512-522']);
    assert.deepEqual(await found(cache, -1000, 300), ['0-200']);
  });

  test('of a piece are exchanged for as many that are newer, and for more, and not for fewer', async () => {
    const { cache } = caching();
    await keep(cache, 10, 20);
    await keep(cache, 11, 21);
    assert.deepEqual(await found(cache, 0, 100), ['11-21']);
    await keep(cache, 40, 45);
    assert.deepEqual(await found(cache, 0, 100), ['11-21']);
    await keep(cache, 5, 45);
    assert.deepEqual(await found(cache, 0, 100), ['5-45']);
  });

  test('are forgotten when the oldest of them has reached its lifetime', async () => {
    const { cache, clock } = caching();
    await keep(cache, 0, 10, 1);
    clock.time = 4000;
    await keep(cache, 0, 11, 1);
    await keep(cache, PIECE_STEPS, PIECE_STEPS + 5, 4000);
    clock.time = 5002;
    assert.deepEqual(await found(cache, 0, 1000), ['256-261']);
  });

  test('take no more memory than they may, and none of them most of it', async () => {
    const { cache } = caching(20_000);
    await keep(cache, 0, 256);
    assert.equal(cache.bytes, 0, 'larger than an eighth');
    for (let i = 0; i < 100; i++) await keep(cache, i * PIECE_STEPS, i * PIECE_STEPS + 50);
    assert.ok(cache.bytes > 10_000 && cache.bytes <= 20_000, String(cache.bytes));
    assert.deepEqual(await found(cache, 0, 10), []);
    assert.deepEqual(await found(cache, 99 * PIECE_STEPS, 100 * PIECE_STEPS), ['25344-25394']);
  });

  test('are none where the size is 0', async () => {
    const { cache } = caching(0);
    await keep(cache, 0, 10);
    assert.equal(cache.isOn, false);
    assert.deepEqual(await found(cache, 0, 10), []);
  });

  test('have memory of their own', async () => {
    const { cache } = caching();
    const source = stretch(0, 10);
    await cache.keep('q', NUMBERS, source, 1, pacer);
    source.series[0]!.columns.v.fill(7);
    source.series[0]!.columns.t.fill(7);
    assert.deepEqual(await found(cache, 0, 10), ['0-10']);
  });
});
