import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dedupe } from '../../src/dedup/dedupe.ts';
import { NO_BUCKETS, NO_CUSTOM_VALUES, ResetHint } from '../../src/model/histogram/float-histogram.ts';
import type { FloatHistogram } from '../../src/model/histogram/float-histogram.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { EPOCH_S, every, merge } from './of.ts';

test('one missed scrape is filled by one sample, half an interval from both edges', () => {
  const a = every(15, 0, 120).filter(([s]) => s !== 60);
  assert.equal(
    merge([a, every(15, 4, 120)])
      .split(' ')
      .slice(3, 6)
      .join(' '),
    '45=45 64=64 75=75',
  );
});

test('where the phases lie half an interval apart the edge gives way', () => {
  const a = every(15, 0, 120).filter(([s]) => s !== 60);
  a[4] = [74.99, 75];
  const b = every(15, 7.495, 120, () => -1);
  assert.equal(merge([a, b]).split(' ').slice(2, 5).join(' '), '30=30 52.495=-1 74.99=75');
});

test('the seams of an outage are at its edges, not at the borders of windows', () => {
  const a = every(15, 0, 480).filter(([s]) => s < 150 || s >= 330);
  const b = every(15, 4, 480, () => -1);
  const values = merge([a, b])
    .split(' ')
    .map((sample) => sample.split('=')[1]);
  assert.deepEqual([values.indexOf('-1'), values.lastIndexOf('-1')], [10, 21]);
});

test('a replica whose counter lags behind is passed over until it has caught up', () => {
  const a = every(15, 0, 120);
  const b = every(15, 4, 300, (s) => s - 30);
  const merged = merge([a, b]).split(' ');
  assert.deepEqual(merged.slice(7, 9), ['105=105', '139=109']);
});

test('behind a gap that no lag explains a lower value is a reset, however fast the counter climbs again', () => {
  const a = every(15, 0, 120);
  const b = every(15, 304, 480, (s) => (s - 300) * 20);
  const merged = merge([a, b]).split(' ');
  assert.deepEqual(merged.slice(7, 10), ['105=105', '304=80', '319=380']);
});

test('replicas that agreed to the last sample are in step, whatever resets came before and after', () => {
  const counter = (s: number): number => (s < 240 ? 900 + s : s < 330 ? s - 239 : s - 329);
  const all = every(15, 0, 600, counter);
  const a = all.filter(([s]) => s < 300 || s >= 500);
  const b = all.filter(([s]) => s < 60 || s >= 240);
  assert.equal(merge([a, b]), merge([all]));
});

test('what was higher minutes ago is no lag', () => {
  const a = every(15, 400, 700, (s) => s - 390);
  const b = every(15, 0, 30, () => 16).concat(every(15, 415, 700, (s) => s - 390));
  assert.equal(merge([a, b]).split(' ').slice(1, 4).join(' '), '15=16 400=10 415=25');
});

test('behind a seam a histogram no longer says what came before it', () => {
  const a = histograms(every(15, 0, 120), ResetHint.notReset);
  const b = histograms(every(15, 4, 240), ResetHint.notReset);
  const target = new SampleBuffer();
  dedupe(
    [
      { name: 'a', columns: a },
      { name: 'b', columns: b },
    ],
    target,
  );
  const hints = target.h!.toArray().map((h) => h!.resetHint);
  assert.deepEqual(hints.filter((hint) => hint === ResetHint.unknown).length, 1);
  assert.equal(hints[8], ResetHint.unknown);
  assert.equal(b.h!.at(8)!.resetHint, ResetHint.notReset, 'the replica itself is unchanged');
});

function histograms(samples: readonly [number, number][], resetHint: ResetHint): SampleBuffer {
  const columns = new SampleBuffer();
  for (const [seconds, count] of samples) {
    const h: FloatHistogram = {
      schema: 0,
      resetHint,
      count,
      sum: count,
      zeroThreshold: 0,
      zeroCount: count,
      positive: NO_BUCKETS,
      negative: NO_BUCKETS,
      customValues: NO_CUSTOM_VALUES,
    };
    columns.pushHistogram((EPOCH_S + seconds) * 1000, h);
  }
  return columns;
}
