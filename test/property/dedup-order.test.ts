import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { deduped, identity, replicasOf, scenario } from './dedup-scenario.ts';
import { assertProperty } from '../support/property.ts';

test('the order in which replicas are listed does not matter', () => {
  assertProperty(
    fc.property(scenario(2, 5), fc.integer({ min: 0, max: 119 }), (world, order) => {
      const replicas = replicasOf(world, identity);
      assert.deepEqual(bitsOf(deduped(permuted(replicas, order))), bitsOf(deduped(replicas)));
    }),
    { numRuns: 1000, seed: 6 },
  );
});

test('one replica passes through bit for bit, NaN payloads and stale markers included', () => {
  const anyBits = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  const stale = fc.constant(0x7ff0000000000002n);
  const sample = fc.record({ spacing: fc.integer({ min: 1, max: 100_000 }), bits: fc.oneof(anyBits, stale) });
  assertProperty(
    fc.property(fc.array(sample, { minLength: 1, maxLength: 60 }), (samples) => {
      const columns = new SampleBuffer(samples.length);
      const bits = new BigUint64Array(columns.v.buffer);
      let t = 1_790_000_000_000;
      for (const { spacing, bits: value } of samples) {
        bits[columns.length] = value;
        columns.t[columns.length++] = t += spacing;
      }
      const empty = { name: 'b', columns: new SampleBuffer() };
      assert.deepEqual(bitsOf(deduped([{ name: 'a', columns }])), bitsOf(columns));
      assert.deepEqual(bitsOf(deduped([empty, { name: 'a', columns }])), bitsOf(columns));
    }),
    { numRuns: 1000, seed: 7 },
  );
});

test('every output sample is a sample of a replica, at ascending times', () => {
  assertProperty(
    fc.property(scenario(2, 5), (world) => {
      const replicas = replicasOf(world, identity);
      const known = new Set(replicas.flatMap(({ columns }) => [...columns.t.subarray(0, columns.length)]));
      const { t, v, length } = deduped(replicas);
      assert.equal(length > 0, known.size > 0);
      for (let i = 0; i < length; i++) {
        assert.ok(known.has(t[i]!) && v[i] === t[i]);
        assert.ok(i === 0 || t[i]! > t[i - 1]!);
      }
    }),
    { numRuns: 1000, seed: 8 },
  );
});

/** The n-th permutation. */
function permuted<T>(items: readonly T[], n: number): T[] {
  const rest = [...items];
  const result: T[] = [];
  for (let left = rest.length, code = n; left > 0; left--) {
    result.push(rest.splice(code % left, 1)[0]!);
    code = Math.floor(code / left);
  }
  return result;
}

function bitsOf({ t, v, length }: SampleBuffer): [number, bigint][] {
  const bits = new BigUint64Array(v.slice(0, length).buffer);
  return Array.from(t.subarray(0, length), (time, i) => [time, bits[i]!]);
}
