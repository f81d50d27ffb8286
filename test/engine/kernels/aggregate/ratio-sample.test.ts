import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSampled, ratioOffset } from '../../../../src/engine/kernels/aggregate/ratio-sample.ts';
import { xxhash64 } from '../../../../src/engine/kernels/aggregate/xxhash64.ts';
import { EMPTY_LABELS, labelsFromRecord } from '../../../../src/model/labels.ts';

test('the hash is XXH64 for every way that an input can end', () => {
  const text = new TextEncoder().encode('ab'.repeat(50));
  const expected: readonly (readonly [number, bigint])[] = [
    [0, 17241709254077376921n],
    [1, 15154266338359012955n],
    [3, 8240875867181454805n],
    [4, 11905660253387211198n],
    [7, 1229573467540435806n],
    [8, 6030226042793152792n],
    [31, 2385751155492328721n],
    [32, 17551435416884039681n],
    [33, 10985671765167215457n],
    [63, 9236448306224728441n],
    [100, 1058550434399565939n],
  ];
  for (const [length, hash] of expected) assert.equal(xxhash64(text.subarray(0, length)), hash);
});

test('series stand where Prometheus puts them, long values and UTF-8 included', () => {
  const up = labelsFromRecord({ __name__: 'up', instance: 'a:9090', job: 'node' });
  assert.equal(ratioOffset(EMPTY_LABELS), 0.9346749315317059);
  assert.equal(ratioOffset(up), 0.32810361786766906);
  assert.equal(ratioOffset(labelsFromRecord({ a: 'x'.repeat(300), é: 'ü' })), 0.15372109934332506);
  assert.equal(ratioOffset(labelsFromRecord({ a: 'b' })), 0.882198581303642);
});

test('a negative ratio keeps what its positive counterpart leaves', () => {
  for (const offset of [0, 0.2, 0.4, 0.99]) {
    assert.notEqual(isSampled(0.4, offset), isSampled(-0.6, offset));
  }
  assert.equal(isSampled(1.5, 0.99), true);
  assert.equal(isSampled(0, 0), false);
  assert.equal(isSampled(-3, 0), true);
});
