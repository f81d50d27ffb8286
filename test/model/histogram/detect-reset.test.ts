import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { addHistograms } from '../../../src/model/histogram/combine.ts';
import { detectReset } from '../../../src/model/histogram/detect-reset.ts';
import { type FloatHistogram, ResetHint } from '../../../src/model/histogram/float-histogram.ts';
import { arbitraryPair, custom, exponential } from '../../support/histograms.ts';
import { assertProperty } from '../../support/property.ts';

const before = exponential({
  zeroThreshold: 0.25,
  zeroCount: 3,
  positive: { 0: 2, 2: 4 },
  negative: { 1: 1 },
});

const cases: readonly (readonly [string, FloatHistogram, FloatHistogram, boolean])[] = [
  ['the same again', before, before, false],
  ['a bucket grew', exponential({ ...grown(), positive: { 0: 2, 2: 5 } }), before, false],
  ['a bucket came', exponential({ ...grown(), positive: { 0: 2, 1: 9, 2: 4 } }), before, false],
  [
    'a bucket fell while the count rose',
    exponential({ ...grown(), positive: { 0: 90, 2: 3 } }),
    before,
    true,
  ],
  ['a populated bucket went', exponential({ ...grown(), positive: { 0: 90 } }), before, true],
  [
    'a bucket of a negated histogram went',
    exponential({ positive: { 1: -90 } }),
    exponential({ positive: { 0: -100, 1: -100 } }),
    true,
  ],
  ['a negative bucket went', exponential({ ...grown(), negative: { 5: 90 } }), before, true],
  [
    'the zero bucket fell',
    exponential({ ...grown(), zeroCount: 2, positive: { 0: 2, 2: 40 } }),
    before,
    true,
  ],
  ['the count fell', exponential({ zeroThreshold: 0.25, zeroCount: 3 }), before, true],
  ['the resolution rose', exponential({ ...grown(), schema: 1, positive: { 0: 90 } }), before, true],
  [
    'the zero bucket narrowed',
    exponential({ ...grown(), zeroThreshold: 0.125, zeroCount: 90 }),
    before,
    true,
  ],
  ['the resolution fell', exponential({ ...grown(), schema: -1, positive: { 0: 2, 1: 4 } }), before, false],
  [
    'the zero bucket took in buckets',
    exponential({ zeroThreshold: 1, zeroCount: 5, positive: { 2: 4 }, negative: { 1: 1 } }),
    before,
    false,
  ],
  [
    'the zero bucket cut a populated bucket',
    exponential({ zeroThreshold: 0.75, zeroCount: 90, positive: { 0: 2, 2: 4 }, negative: { 1: 1 } }),
    before,
    true,
  ],
  [
    'an empty bucket went',
    exponential({ positive: { 1: 9 } }),
    exponential({ positive: { 0: 0, 1: 8 } }),
    false,
  ],
  ['custom bounds came', custom([1], { 0: 90 }), exponential({}), true],
  ['custom bounds went', exponential({ positive: { 0: 90 } }), custom([1], { 0: 1 }), true],
  ['a custom bucket fell', custom([1, 2], { 0: 9, 1: 1 }), custom([1, 2], { 0: 1, 1: 2 }), true],
  ['other custom bounds, nothing fell', custom([1, 2], { 1: 9 }), custom([2, 3], { 0: 8 }), false],
  [
    'other custom bounds, a shared bucket fell',
    custom([1, 2], { 0: 7, 2: 5 }),
    custom([2, 3], { 0: 8 }),
    true,
  ],
];

function grown(): Parameters<typeof exponential>[0] {
  return { zeroThreshold: 0.25, zeroCount: 3, positive: { 0: 2, 2: 4 }, negative: { 1: 1 } };
}

for (const [name, current, previous, expected] of cases) {
  test(`${name}: ${expected ? 'a reset' : 'no reset'}`, () => {
    assert.equal(detectReset(current, previous), expected);
  });
}

test('a hint of the newer histogram settles it', () => {
  assert.equal(detectReset({ ...before, resetHint: ResetHint.reset }, before), true);
  const empty = exponential({ zeroThreshold: 0.25, resetHint: ResetHint.notReset });
  assert.equal(detectReset(empty, before), false);
  assert.equal(detectReset({ ...empty, resetHint: ResetHint.gauge }, before), true);
});

test('property: what only grew was not reset', () => {
  assertProperty(
    fc.property(arbitraryPair, ([a, b]) => {
      const grownSum = { ...addHistograms(a, b)!.histogram, resetHint: ResetHint.unknown };
      assert.equal(detectReset(grownSum, a), false);
    }),
    { seed: 1 },
  );
});
