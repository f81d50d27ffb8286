import assert from 'node:assert/strict';
import { test } from 'node:test';
import { traceOf } from '../../../src/model/trace-context.ts';
import { createSampler } from '../../../src/telemetry/tracing/sampler.ts';

const PARENT = '00f067aa0ba902b7';
const trace = (end: string) => ({
  traceId: 'f'.repeat(16) + end.padEnd(16, 'f'),
  parentId: undefined,
  isSampled: false,
});

test('a part of the traces is kept, by the last 64 bits of their ids', () => {
  const sample = createSampler({ byParent: false, ratio: 0.25 });
  assert.equal(sample(trace('3')), true);
  assert.equal(sample(trace('4000000000000000')), false);
  let kept = 0;
  for (let i = 0; i < 4000; i++) if (sample(traceOf(undefined, undefined))) kept++;
  // Six standard deviations.
  assert.ok(Math.abs(kept - 1000) < 165, `${kept} of 4000`);
});

test('all or none are kept at the ends', () => {
  for (const end of ['0000000000000000', 'f']) {
    assert.equal(createSampler({ byParent: false, ratio: 1 })(trace(end)), true);
    assert.equal(createSampler({ byParent: false, ratio: 0 })(trace(end)), false);
  }
});

test('a caller that has decided is followed where that is wanted', () => {
  for (const isSampled of [true, false]) {
    const given = { ...trace('0'), parentId: PARENT, isSampled };
    assert.equal(createSampler({ byParent: true, ratio: 1 })(given), isSampled);
    assert.equal(createSampler({ byParent: false, ratio: 1 })(given), true);
  }
});
