import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bucketAxis } from '../../ui/query/heatmap-axis.ts';
import type { Cell } from '../../ui/query/heatmap-data.ts';
import { assertProperty } from '../support/property.ts';

/** Cells with these bounds, all of one step. */
function column(...bounds: readonly (readonly [low: number, high: number])[]): readonly Cell[][] {
  return [bounds.map(([low, high]) => ({ low, high, ends: 0, count: 1 }))];
}

function texts(columns: readonly Cell[][], isLinear: boolean): readonly string[] {
  return bucketAxis(columns, isLinear).ticks.map(({ text }) => text);
}

test('a power of ten has the same height everywhere on a logarithmic axis', () => {
  const columns = column([0.001, 0.01], [0.01, 10], [10, 100]);
  const { placeOf } = bucketAxis(columns, false);
  for (const [value, place] of [
    [0.001, 0],
    [0.01, 0.2],
    [10, 0.8],
    [100, 1],
  ] as const)
    assert.ok(Math.abs(placeOf(value) - place) < 1e-9, `${value} is at ${placeOf(value)}`);
  assert.deepEqual(texts(columns, false), ['0.001', '0.01', '0.1', '1', '10', '100']);
});

test('a short axis has ticks between powers of ten', () => {
  assert.deepEqual(texts(column([0.3, 0.6], [0.6, 2.4]), false), ['0.3', '0.5', '1', '2', '2.4']);
});

test('a bound has three digits, and a little one a power of ten', () => {
  const ends = texts(column([0.00024414, 0.0013], [0.0013, 0.00734567]), false);
  assert.deepEqual([ends[0], ends.at(-1)], ['2.44e-4', '0.00735']);
});

test('a long axis has some of the powers of ten, evenly', () => {
  const [, ...exponents] = texts(column([1e-30, 1e30]), false).map((text) =>
    Math.log10(Number.parseFloat(text)),
  );
  assert.ok(exponents.length > 3 && exponents.length < 15, exponents.join(', '));
});

test('a bucket about zero has a band, however narrow it is', () => {
  const { placeOf, ticks } = bucketAxis(column([-3e-39, 3e-39], [0.1, 1], [1, 10]), false);
  assert.equal(placeOf(-3e-39), 0);
  assert.ok(placeOf(3e-39) > 0.05);
  assert.equal(placeOf(0.1), placeOf(3e-39));
  assert.equal(ticks[0]!.text, '0');
});

test('a bucket about zero that is wider than others at other steps is in their place', () => {
  const { placeOf } = bucketAxis([...column([-1, 1], [1, 10]), ...column([0.1, 1])], false);
  assert.ok(placeOf(1) > placeOf(0.1) && placeOf(10) === 1);
});

test('negative buckets are below zero, mirrored', () => {
  const columns = column([-10, -1], [-0.1, 0.1], [0.1, 1]);
  const { placeOf, ticks } = bucketAxis(columns, false);
  const places = [-10, -1, -0.1, 0, 0.1, 1].map((value) => placeOf(value));
  assert.deepEqual(
    places,
    places.toSorted((a, b) => a - b),
  );
  assert.deepEqual([places[0], places.at(-1)], [0, 1]);
  const shown = ticks.map(({ text }) => text);
  assert.deepEqual([shown[0], shown.at(-1)], ['-10', '1']);
  assert.ok(shown.includes('0'), shown.join(', '));
});

test('buckets without an end have a band beyond the others', () => {
  const columns = column([-Infinity, 0.5], [0.5, 5], [5, Infinity]);
  for (const isLinear of [false, true]) {
    const { placeOf } = bucketAxis(columns, isLinear);
    assert.deepEqual([placeOf(-Infinity), placeOf(Infinity)], [0, 1]);
    assert.ok(placeOf(5) < 0.95 && placeOf(0.5) > 0.05, `${placeOf(0.5)} ${placeOf(5)}`);
    assert.equal(texts(columns, isLinear).at(-1), '+Inf');
  }
});

test('a bucket that ends at zero and has no beginning has a band', () => {
  for (const columns of [column([-Infinity, 0], [0, 1], [1, 10]), column([-Infinity, 0], [0, Infinity])]) {
    const [lower, upper] = bucketAxis(columns, false).edgesOf({ low: -Infinity, high: 0 });
    assert.ok(upper - lower > 0.05, `${lower} to ${upper}`);
  }
});

test('a bucket of zero alone has a band', () => {
  const [lower, upper] = bucketAxis(column([0, 0], [0.1, 1]), false).edgesOf({ low: 0, high: 0 });
  assert.ok(lower === 0 && upper > 0.05, `${lower} to ${upper}`);
});

test('bounds whose difference is beyond all numbers have ticks all the same', () => {
  const most = Number.MAX_VALUE;
  assert.ok(bucketAxis(column([-most, most]), true).ticks.every(({ place }) => place >= 0 && place <= 1));
});

test('a linear axis has steps that people count in', () => {
  assert.deepEqual(texts(column([0, 3], [3, 11]), true), ['0', '2', '4', '6', '8', '10']);
  assert.deepEqual(texts(column([-0.2, 0.4]), true), ['-0.2', '-0.1', '0', '0.1', '0.2', '0.3', '0.4']);
});

test('whatever bounds there are, places rise with values, and ticks can be read', () => {
  const bound = fc.oneof(
    fc.double({ min: -1e12, max: 1e12, noNaN: true }),
    fc.constantFrom(-Infinity, Infinity, 0, 3e-39, -3e-39, 1e-300, 1e300),
  );
  const cells = fc.array(
    fc
      .tuple(bound, bound)
      .map(([a, b]) => (a < b ? ([a, b] as const) : ([b, a] as const)))
      .filter(([low, high]) => low < Infinity && high > -Infinity),
    { maxLength: 20 },
  );
  assertProperty(
    fc.property(cells, fc.boolean(), fc.array(bound), (bounds, isLinear, more) => {
      const { placeOf, ticks } = bucketAxis(column(...bounds), isLinear);
      const values = [...bounds.flat(), ...more].toSorted((a, b) => (a < b ? -1 : Number(a > b)));
      let before = 0;
      for (const value of values) {
        const place = placeOf(value);
        assert.ok(place >= before - 1e-9 && place <= 1 + 1e-9, `${value} is at ${place}, after ${before}`);
        before = place;
      }
      for (const [i, { place }] of ticks.entries())
        assert.ok(i === 0 || place - ticks[i - 1]!.place >= 0.07 - 1e-9);
    }),
    { seed: 64_401 },
  );
});
