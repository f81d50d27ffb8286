import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { formatTimestamp } from '../../../src/http/json/scalars.ts';
import { formatFloat } from '../../../src/model/format-decimal.ts';
import { MOST_SAMPLES, SAMPLE_TIMES, SAMPLE_VALUES, sampleText } from '../../../src/wire/json/sample-text.ts';
import { assertProperty } from '../../support/property.ts';

type Sample = readonly [ms: number, value: number];

function textOf(samples: readonly Sample[]): string {
  samples.forEach(([ms, value], i) => {
    SAMPLE_TIMES[i] = ms;
    SAMPLE_VALUES[i] = value;
  });
  return Buffer.from(sampleText(samples.length)).toString('latin1');
}

function expected(samples: readonly Sample[]): string {
  return samples.map(([ms, value]) => `,[${formatTimestamp(ms)},"${formatFloat(value)}"]`).join('');
}

const view = new DataView(new ArrayBuffer(8));

function floatOf(bits: bigint): number {
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
}

const ms = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: 0, max: 4_000_000_000_000 }));

/** What values are like: any bits, whole numbers of any size, few decimals, and powers with their neighbours. */
const value = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(floatOf),
  fc.maxSafeInteger(),
  fc
    .tuple(fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }), fc.integer({ min: 0, max: 12 }))
    .map(([digits, decimals]) => digits / 10 ** decimals),
  fc
    .tuple(fc.integer({ min: 1, max: 999 }), fc.integer({ min: -330, max: 310 }))
    .map(([digits, exponent]) => Number(`${digits}e${exponent}`)),
  fc
    .tuple(fc.integer({ min: -1074, max: 1023 }), fc.integer({ min: -1, max: 1 }))
    .map(([exponent, off]) => neighbour(2 ** exponent, off)),
);

function neighbour(float: number, off: number): number {
  view.setFloat64(0, float);
  return floatOf(view.getBigUint64(0) + BigInt(off));
}

test('times and values are those of the formats of single ones', () => {
  assertProperty(
    fc.property(fc.array(fc.tuple(ms, value), { maxLength: 60 }), (samples) => {
      assert.equal(textOf(samples), expected(samples));
    }),
    { seed: 314, numRuns: 3000 },
  );
});

test('the ends of what a float64 holds, and of each notation', () => {
  const zeros = [0, -0, Number.NaN, Infinity, -Infinity, Number.MIN_VALUE, Number.MAX_VALUE, 2 ** -1022];
  const large = [1e21, 999_999_999_999_999_900_000, 2 ** 53, 2 ** 53 + 2, -(2 ** 63), 1e9, 1e100];
  const small = [1e-6, 9.99e-7, 1e-7, -1e-7, 999_999_999.999_999, 0.1, 0.3, 123_456_789.123_456_79, 1.5e-100];
  const values = [...zeros, ...large, ...small];
  const samples = values.map((v): Sample => [1500, v]);
  assert.equal(textOf(samples), expected(samples));
});

test('every number of digits of whole numbers, with and without decimals', () => {
  const samples: Sample[] = [];
  for (let digits = 1; digits <= 16; digits++) {
    const whole = Number('1234567890123456'.slice(0, digits));
    samples.push([whole, whole], [10 ** (digits - 1), -(10 ** (digits - 1))], [0, whole / 100]);
  }
  assert.equal(textOf(samples), expected(samples));
});

test('a value that repeats has its text again', () => {
  const samples = [1.25, 1.25, 1.25, -0, -0, 0, 1e300, 1e300].map((v, i): Sample => [i, v]);
  assert.equal(textOf(samples), expected(samples));
});

test('as many samples as there is room for, each as long as can be', () => {
  const samples = Array.from({ length: MOST_SAMPLES }, (_, i): Sample => [
    Number.MIN_SAFE_INTEGER + i,
    (-1e-300 / 3) * (1 + i / 1000),
  ]);
  assert.equal(textOf(samples), expected(samples));
});
