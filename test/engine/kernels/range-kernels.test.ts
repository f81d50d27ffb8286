import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { RANGE_KERNELS } from '../../../src/engine/kernels/range-kernels.ts';
import { NAIVE } from './naive-range.ts';
import { type Point, type Windows, rangeInput, rowValues, runKernel } from './range-support.ts';
import { assertProperty } from '../../support/property.ts';

/** Gaps of a scrape that jitters, misses and stops; values are whole, so that plain sums are exact. */
const series = fc
  .array(
    fc.tuple(
      fc.constantFrom(14, 15, 15, 15, 16, 30, 200),
      fc.oneof(
        { weight: 9, arbitrary: fc.integer({ min: 0, max: 40 }) },
        { weight: 1, arbitrary: fc.constant(NaN) },
      ),
    ),
    { maxLength: 60, size: 'max' },
  )
  .map((gaps) => {
    let seconds = 1000;
    return gaps.map(([gap, value]): Point => [(seconds += gap), value]);
  });

const windowsOf = fc.record({
  startSeconds: fc.integer({ min: 1000, max: 1300 }),
  stepSeconds: fc.constantFrom(5, 15, 60, 300),
  steps: fc.integer({ min: 1, max: 30 }),
  rangeSeconds: fc.constantFrom(15, 60, 300),
});

for (const [name, naive] of Object.entries(NAIVE)) {
  test(`${name} equals the plain evaluation of every window`, () => {
    assertProperty(
      fc.property(series, windowsOf, fc.constantFrom(0, 0.3, 0.5, 1), (points, windows, q) => {
        const finite = name === 'deriv' ? points.filter(([, v]) => !Number.isNaN(v)) : points;
        const expected = naiveRow(naive, finite, { ...windows, args: [q] });
        const input = rangeInput(finite, { ...windows, args: [q] });
        const actual = rowValues(runKernel(RANGE_KERNELS[name]!, input).row);
        assertClose(actual, expected);
      }),
      { seed: 7, numRuns: 150 },
    );
  });
}

function naiveRow(
  naive: (typeof NAIVE)[string],
  points: readonly Point[],
  windows: Windows,
): (number | null)[] {
  return Array.from({ length: windows.steps }, (_, step) => {
    const end = windows.startSeconds + step * windows.stepSeconds;
    const start = end - windows.rangeSeconds;
    const inside = points.filter(([seconds]) => seconds > start && seconds <= end);
    if (inside.length === 0) return null;
    const t = inside.map(([seconds]) => seconds);
    return naive({ t, v: inside.map(([, v]) => v as number), start, end, args: windows.args ?? [] });
  });
}

function assertClose(actual: readonly (number | null)[], expected: readonly (number | null)[]): void {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, step) => {
    const got = actual[step]!;
    if (value === null || got === null || !Number.isFinite(value))
      assert.ok(Object.is(got, value), `step ${step}`);
    else assert.ok(Math.abs(got - value) <= 1e-9 * Math.max(1, Math.abs(value)), `${got} is not ${value}`);
  });
}
