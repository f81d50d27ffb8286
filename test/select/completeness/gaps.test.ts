import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SampleBuffer, type SampleColumns } from '../../../src/model/sample-columns.ts';
import { STALE_NAN } from '../../../src/model/stale.ts';
import { findGaps } from '../../../src/select/completeness/gaps.ts';
import { columnsOf, type Samples } from '../support.ts';

const MINUTE = 60_000;
const INTERVAL = 15_000;

/** `up` at each interval from one minute to another, the first minute first. */
function up(from: number, to: number, phase = 0): Samples {
  const scrapes = ((to - from) * MINUTE) / INTERVAL;
  return Array.from({ length: scrapes }, (_, i) => [from * MINUTE + phase + i * INTERVAL, 1] as const);
}

function gaps(witnesses: readonly (Samples | SampleColumns)[], from: number, to: number): readonly string[] {
  const columns = witnesses.map((each) => ('t' in each ? each : columnsOf(each)));
  return findGaps(columns, from * MINUTE, to * MINUTE).map(
    (gap) =>
      `${(gap.from / MINUTE).toFixed(2)} ${(gap.to / MINUTE).toFixed(2)}${gap.isProven ? ' proven' : ''}`,
  );
}

/** A stale marker between what was before and what comes after; lists of numbers do not keep its bits. */
function withMarker(before: Samples, minute: number, after: Samples): SampleColumns {
  const buffer = new SampleBuffer();
  for (const [t, v] of before) buffer.push(t, v);
  buffer.push(minute * MINUTE, STALE_NAN);
  for (const [t, v] of after) buffer.push(t, v);
  return buffer;
}

describe('the gaps of a server by its targets', () => {
  test('are none while each target has its samples', () => {
    assert.deepEqual(gaps([up(0, 60), up(0, 60, 4000)], 10, 50), []);
  });

  test('are where none of the targets has samples, which go on later', () => {
    assert.deepEqual(gaps([[...up(0, 20), ...up(30, 60)]], 10, 50), ['19.75 30.00 proven']);
    assert.deepEqual(gaps([[...up(0, 20), ...up(30, 60)], up(0, 60)], 10, 50), []);
  });

  test('are what the holes of all targets have in common, whatever their phases', () => {
    const away = (phase: number): Samples => [...up(0, 20, phase), ...up(30, 60, phase)];
    const common = '19.87 30.00 proven';
    assert.deepEqual(gaps([away(0), away(7000)], 10, 50), [common, common]);
    const other: Samples = [...up(0, 25, 7000), ...up(30, 60, 7000)];
    assert.deepEqual(new Set(gaps([away(0), other], 10, 50)), new Set(['24.87 30.00 proven']));
  });

  test('count only in the range', () => {
    const away = [[...up(0, 20), ...up(30, 60)]];
    assert.deepEqual(gaps(away, 30, 50), []);
    assert.deepEqual(gaps(away, 10, 19), []);
    assert.deepEqual(gaps(away, 25, 27), ['19.75 30.00 proven']);
  });

  test('are no proof where a target was taken off the list', () => {
    assert.deepEqual(gaps([withMarker(up(0, 20), 20, up(30, 60))], 10, 50), ['20.00 30.00']);
  });

  test('may be before the first samples and behind the last', () => {
    assert.deepEqual(gaps([up(15, 40)], 10, 50), ['10.00 15.00', '39.75 50.00 proven']);
    assert.deepEqual(gaps([withMarker(up(5, 40), 40, [])], 10, 50), ['40.00 50.00']);
  });

  test('are the whole range where no target has a sample', () => {
    assert.deepEqual(gaps([], 10, 50), ['10.00 50.00']);
    assert.deepEqual(gaps([[]], 10, 50), ['10.00 50.00']);
  });

  test('are no single scrapes that were skipped', () => {
    assert.deepEqual(gaps([up(0, 60).filter((_, i) => i % 10 !== 0)], 10, 50), []);
  });

  test('allow for the scrape that is under way', () => {
    assert.deepEqual(gaps([up(0, 50)], 10, 50.3), []);
  });

  test('are told from the interval of each target', () => {
    const slow = up(0, 60).filter((_, i) => i % 4 === 0);
    assert.deepEqual(gaps([slow], 10, 50), []);
    const away = up(0, 60).filter(([t]) => t < 20 * MINUTE || t > 21 * MINUTE);
    assert.deepEqual(gaps([away], 10, 50), ['19.75 21.25 proven']);
  });
});
