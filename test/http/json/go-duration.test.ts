import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goDuration } from '../../../src/http/json/go-duration.ts';

for (const [ms, text] of [
  [0, '0s'],
  [0.0000004, '0s'],
  [0.00075, '750ns'],
  [0.0015, '1.5µs'],
  [0.25, '250µs'],
  [1, '1ms'],
  [1.234567, '1.234567ms'],
  [1500, '1.5s'],
  [10_000, '10s'],
  [60_000, '1m0s'],
  [125_250, '2m5.25s'],
  [3_600_000, '1h0m0s'],
  [3_723_004.000005, '1h2m3.004000005s'],
] as const)
  test(`${ms} ms are ${text}`, () => assert.equal(goDuration(ms), text));
