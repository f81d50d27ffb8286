import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toRemarks } from '../../src/gateway/remarks.ts';
import type { Annotation } from '../../src/model/annotations.ts';

test('warnings and infos are apart, with the position in the query', () => {
  const annotations: readonly Annotation[] = [
    { severity: 'info', message: 'PromQL info: x', at: { start: 5, end: 9 } },
    { severity: 'warning', message: 'a shard is lost' },
    { severity: 'warning', message: 'PromQL warning: y', at: { start: 0, end: 1 } },
  ];
  assert.deepEqual(toRemarks(annotations, 'rate(foo[5m])'), {
    warnings: ['a shard is lost', 'PromQL warning: y (1:1)'],
    infos: ['PromQL info: x (1:6)'],
  });
});

test('positions count lines, and columns in UTF-8 bytes', () => {
  const at = { start: 9, end: 10 };
  const { infos } = toRemarks([{ severity: 'info', message: 'm', at }], 'sum(\n{é="b"}');
  assert.deepEqual(infos, ['m (2:6)']);
});

test('the same text is shown once', () => {
  const same: Annotation = { severity: 'warning', message: 'm' };
  assert.deepEqual(toRemarks([same, { ...same }], '').warnings, ['m']);
});

test('at most ten of each severity are shown, and the rest is counted', () => {
  const many = Array.from({ length: 13 }, (_, i): Annotation => ({ severity: 'info', message: `m${i}` }));
  const { infos, warnings } = toRemarks(many, '');
  assert.equal(infos.length, 11);
  assert.equal(infos.at(-1), '3 more info annotations omitted');
  assert.deepEqual(warnings, []);
});

test('what is missing is named, however many endpoints it is', () => {
  const missing = Array.from({ length: 25 }, (_, i) => ({
    severity: 'warning' as const,
    message: `shard ${i} is missing`,
  }));
  const other = { severity: 'warning' as const, message: 'PromQL warning', at: { start: 0, end: 1 } };
  const { warnings } = toRemarks([other, ...missing], 'up');
  assert.equal(warnings.length, 26);
  assert.equal(warnings[24], 'shard 24 is missing');
  assert.equal(warnings[25], '1 more warning annotations omitted');
});
