import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reduceToStats } from '../../../src/engine/operators/select/histogram-stats.ts';
import { ResetHint } from '../../../src/model/histogram/float-histogram.ts';
import { SampleBuffer } from '../../../src/model/sample-columns.ts';
import { STALE_NAN } from '../../../src/model/stale.ts';
import { histogram } from '../kernels/range-support.ts';

/** A histogram every 10 ms with these counts; undefined is a stale marker. */
function bufferOf(counts: readonly (number | undefined)[]): SampleBuffer {
  const buffer = new SampleBuffer();
  counts.forEach((count, i) => {
    const h = histogram([count ?? 0]);
    buffer.pushHistogram(i * 10, count === undefined ? { ...h, sum: STALE_NAN } : h);
  });
  return buffer;
}

function hints(buffer: SampleBuffer): (number | undefined)[] {
  return buffer.h!.toArray().map((h) => h?.resetHint);
}

const { unknown, reset, notReset } = ResetHint;

test('histograms lose their buckets and say whether they follow a reset', () => {
  const buffer = bufferOf([5, 7, 3, 4]);
  reduceToStats(buffer, Float64Array.of(30), 30);
  assert.deepEqual(hints(buffer), [unknown, notReset, reset, notReset]);
  const { count, sum, positive } = buffer.h!.at(2)!;
  assert.deepEqual([count, sum, positive.index.length], [3, 3, 0]);
});

test('reading begins at the first window', () => {
  const buffer = bufferOf([5, 7, 8]);
  reduceToStats(buffer, Float64Array.of(20), 15);
  assert.deepEqual(hints(buffer), [unknown, unknown, notReset]);
  assert.equal(buffer.h!.at(0)!.positive.index.length, 1, 'not read, not reduced');
});

test('reading begins anew after a gap between windows', () => {
  const buffer = bufferOf([5, 7, 8, 9, 10, 11]);
  reduceToStats(buffer, Float64Array.of(10, 50), 10);
  assert.deepEqual(hints(buffer), [unknown, notReset, unknown, unknown, unknown, notReset]);
});

test('windows that touch go on reading', () => {
  const buffer = bufferOf([5, 7, 8, 9]);
  reduceToStats(buffer, Float64Array.of(10, 20, 30), 10);
  assert.deepEqual(hints(buffer), [unknown, notReset, notReset, notReset]);
});

test('stale markers stay as they are and are not compared with', () => {
  const buffer = bufferOf([5, undefined, 7]);
  reduceToStats(buffer, Float64Array.of(20), 20);
  assert.deepEqual(hints(buffer), [unknown, unknown, notReset]);
  assert.ok(Number.isNaN(buffer.h!.at(1)!.sum));
});
