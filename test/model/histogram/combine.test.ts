import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { test } from 'node:test';
import { type Combined, addHistograms, subtractHistograms } from '../../../src/model/histogram/combine.ts';
import { histogramsEqual } from '../../../src/model/histogram/equals.ts';
import { type FloatHistogram, ResetHint } from '../../../src/model/histogram/float-histogram.ts';
import {
  arbitraryExponential,
  arbitraryPair,
  asRecord,
  custom,
  exponential,
} from '../../support/histograms.ts';
import { assertProperty } from '../../support/property.ts';

function sum(a: FloatHistogram, b: FloatHistogram): Combined {
  const combined = addHistograms(a, b);
  assert.ok(combined);
  return combined;
}

test('adding joins buckets and totals', () => {
  const a = exponential({ sum: 2.5, zeroCount: 1, positive: { 0: 1, 1: 2 }, negative: { 3: 4 } });
  const b = exponential({ sum: 4, zeroCount: 2, positive: { 1: 10, 7: 20 }, negative: { 1: 40 } });
  const expected = exponential({
    sum: 6.5,
    zeroCount: 3,
    positive: { 0: 1, 1: 12, 7: 20 },
    negative: { 1: 40, 3: 4 },
  });
  assert.deepEqual(asRecord(sum(a, b).histogram), asRecord(expected));
});

test('the coarser schema wins', () => {
  const fine = exponential({ schema: 1, positive: { 1: 1, 2: 2, 3: 4 } });
  const coarse = exponential({ schema: 0, positive: { 1: 100 } });
  for (const { histogram } of [sum(fine, coarse), sum(coarse, fine)]) {
    assert.deepEqual(asRecord(histogram), asRecord(exponential({ schema: 0, positive: { 1: 103, 2: 4 } })));
  }
});

test('the wider zero bucket takes in the buckets of the other', () => {
  const wide = exponential({ zeroThreshold: 1, zeroCount: 10, positive: { 2: 5 } });
  const narrow = exponential({
    zeroThreshold: 0.25,
    zeroCount: 1,
    positive: { 0: 2, 2: 4 },
    negative: { [-1]: 8 },
  });
  const expected = exponential({ zeroThreshold: 1, zeroCount: 21, positive: { 2: 9 } });
  assert.deepEqual(asRecord(sum(wide, narrow).histogram), asRecord(expected));
  assert.deepEqual(asRecord(sum(narrow, wide).histogram), asRecord(expected));
});

test('a zero threshold inside of a populated bucket moves up to its end', () => {
  const odd = exponential({ zeroThreshold: 1.5, zeroCount: 1 });
  const other = exponential({ zeroThreshold: 0.5, zeroCount: 2, positive: { 1: 4, 2: 8 } });
  const expected = exponential({ zeroThreshold: 2, zeroCount: 7, positive: { 2: 8 } });
  assert.deepEqual(asRecord(sum(odd, other).histogram), asRecord(expected));
});

test('differing custom bounds are brought to the shared ones', () => {
  const a = custom([1, 2, 3], { 0: 1, 1: 2, 2: 4, 3: 8 });
  const b = custom([1, 3, 9], { 0: 10, 1: 20, 2: 40, 3: 80 });
  const { histogram, boundsReconciled } = sum(a, b);
  assert.equal(boundsReconciled, true);
  assert.deepEqual(asRecord(histogram), asRecord(custom([1, 3], { 0: 11, 1: 26, 2: 128 })));
});

test('custom and exponential buckets do not go together', () => {
  assert.equal(addHistograms(custom([1], {}), exponential({})), undefined);
  assert.equal(subtractHistograms(exponential({}), custom([1], {})), undefined);
});

test('reset hints survive only where both agree, or turn to gauge', () => {
  const { unknown, reset, notReset, gauge } = ResetHint;
  const cases = [
    [reset, reset, reset, false],
    [gauge, reset, gauge, false],
    [notReset, gauge, gauge, false],
    [unknown, reset, unknown, false],
    [notReset, unknown, unknown, false],
    [reset, notReset, unknown, true],
    [notReset, reset, unknown, true],
  ] as const;
  for (const [a, b, hint, collision] of cases) {
    const { histogram, resetCollision } = sum(exponential({ resetHint: a }), exponential({ resetHint: b }));
    assert.deepEqual([histogram.resetHint, resetCollision], [hint, collision], `${a} and ${b}`);
  }
});

test('subtracting may leave negative counts', () => {
  const difference = subtractHistograms(
    exponential({ positive: { 1: 3 } }),
    exponential({ positive: { 1: 5, 2: 1 } }),
  );
  assert.deepEqual(asRecord(difference!.histogram), asRecord(exponential({ positive: { 1: -2, 2: -1 } })));
});

test('property: a sum does not depend on the order of its two sides', () => {
  assertProperty(
    fc.property(arbitraryPair, ([a, b]) => {
      assert.deepEqual(asRecord(sum(a, b).histogram), asRecord(sum(b, a).histogram));
    }),
    { seed: 1 },
  );
});

test('property: buckets of a sum add up to its count', () => {
  assertProperty(
    fc.property(arbitraryPair, ([a, b]) => {
      const { count, zeroCount, positive, negative } = sum(a, b).histogram;
      const total = [...positive.count, ...negative.count].reduce((x, y) => x + y, zeroCount);
      assert.equal(total, count);
      assert.equal(count, a.count + b.count);
    }),
    { seed: 2 },
  );
});

test('property: what was added can be taken away where the layout stays', () => {
  assertProperty(
    fc.property(arbitraryExponential, arbitraryExponential, (a, b) => {
      const same = { ...b, schema: a.schema };
      const back = subtractHistograms(sum(a, same).histogram, same)!;
      assert.ok(histogramsEqual(back.histogram, { ...a, sum: back.histogram.sum }));
    }),
    { seed: 3 },
  );
});

test('property: summands stay as they were', () => {
  assertProperty(
    fc.property(arbitraryPair, ([a, b]) => {
      const before = [asRecord(a), asRecord(b)];
      addHistograms(a, b);
      subtractHistograms(a, b);
      assert.deepEqual([asRecord(a), asRecord(b)], before);
    }),
    { seed: 4 },
  );
});
