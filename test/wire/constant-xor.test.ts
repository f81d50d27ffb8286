import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { ChunkEncoding } from '../../src/model/chunk.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { decodeChunk } from '../../src/wire/chunk/decode.ts';
import { encodeXor } from '../../src/wire/chunk/encode-xor.ts';
import {
  constantSamples,
  constantTimes,
  readConstantXor,
  type ConstantSamples,
} from '../../src/wire/chunk/constant-xor.ts';
import { damaged } from '../support/damaged.ts';
import { assertProperty } from '../support/property.ts';

const START = 1_795_348_800_123;

function chunkOf(times: readonly number[], value: (i: number) => number): Uint8Array {
  const buffer = new SampleBuffer();
  times.forEach((t, i) => buffer.push(t, value(i)));
  return encodeXor(buffer, 0, buffer.length);
}

function decoded(data: Uint8Array): SampleBuffer {
  const samples = new SampleBuffer();
  decodeChunk({ encoding: ChunkEncoding.xor, minTime: 0, maxTime: 0, data }, samples, -Infinity, Infinity);
  return samples;
}

function assertEqual(constant: ConstantSamples, samples: SampleBuffer): void {
  const { count, value, first, last, firstSpacing, leastSpacing, mostSpacing } = constant;
  const expected = [...samples.t.subarray(0, samples.length)];
  assert.deepEqual([...constantTimes(constant).subarray(0, count)], expected);
  assert.deepEqual([first, last], [expected[0], expected.at(-1)]);
  const spacings = expected.slice(1).map((time, i) => time - expected[i]!);
  const told =
    spacings.length === 0 ? [0, 0, 0] : [spacings[0], Math.min(...spacings), Math.max(...spacings)];
  assert.deepEqual([firstSpacing, leastSpacing, mostSpacing], told);
  assert.ok(samples.v.subarray(0, count).every((each) => Object.is(each, value)));
}

/** Steady times with some that are off, by so much as each of the forms of a change can say. */
const times = fc
  .tuple(
    fc.integer({ min: 1, max: 100_000 }),
    fc.array(fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 500_000 })), {
      minLength: 1,
      maxLength: 150,
    }),
  )
  .map(([interval, changes]) => {
    let t = START;
    return changes.map((more) => (t += interval + more));
  });

test('samples of one value are those that decoding gives', () => {
  const constant = constantSamples();
  assertProperty(
    fc.property(times, fc.constantFrom(0, 1, 0.5), (all, value) => {
      const data = chunkOf(all, () => value);
      assert.ok(readConstantXor(data, constant));
      assertEqual(constant, decoded(data));
    }),
    { seed: 1, numRuns: 500 },
  );
});

test('the changes at the edges of their forms are read as they are decoded', () => {
  const constant = constantSamples();
  for (const size of [14, 17, 20])
    for (const off of [-1, 0, 1])
      for (const sign of [-1, 1]) {
        const change = sign * (2 ** (size - 1) + off);
        const spacing = 2_000_000;
        const t = [0, spacing, 2 * spacing + change, 3 * spacing + 2 * change].map((each) => START + each);
        const data = chunkOf(t, () => 1);
        // What takes 64 bits is left to others.
        if (readConstantXor(data, constant)) assertEqual(constant, decoded(data));
        else assert.ok(Math.abs(change) >= 2 ** 19 - 1, `${change} is read`);
      }
});

test('another value is enough not to be read', () => {
  const steady = Array.from({ length: 120 }, (_, i) => START + i * 15_000);
  const constant = constantSamples();
  for (const i of [1, 2, 60, 119])
    assert.ok(
      !readConstantXor(
        chunkOf(steady, (at) => (at === i ? 0 : 1)),
        constant,
      ),
      `sample ${i} is 0`,
    );
});

test('whatever the bytes are, what is read is what decoding gives', () => {
  const constant = constantSamples();
  let taken = 0;
  const bytes = times.map((all) => chunkOf(all, () => 1));
  assertProperty(
    fc.property(damaged(bytes), (data) => {
      if (!readConstantXor(data, constant)) return;
      // Fails where decoding refuses it.
      assertEqual(constant, decoded(data));
      taken++;
    }),
    { seed: 2, numRuns: 3000 },
  );
  assert.ok(taken > 100, `${taken} were read`);
});
