import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseGoFloat } from '../../src/model/go-float.ts';

test('floats are read as Go reads them', () => {
  const cases: readonly (readonly [string, number | undefined])[] = [
    ['1', 1],
    ['-1.5e3', -1500],
    ['.5', 0.5],
    ['5.', 5],
    ['+2', 2],
    ['1_0', 10],
    ['0x10p1', 32],
    ['0x.8p0', 0.5],
    ['-0x1p-1', -0.5],
    ['Inf', Infinity],
    ['-infinity', -Infinity],
    ['', undefined],
    ['.', undefined],
    ['1e', undefined],
    ['_1', undefined],
    ['1_', undefined],
    ['1__0', undefined],
    ['1_.5', undefined],
    ['1e_5', undefined],
    ['1e1_0', 1e10],
    ['0x_1p3', 8],
    ['0x10', undefined],
    ['1e999', undefined],
    [' 1', undefined],
    ['5m', undefined],
    ['+nan', undefined],
  ];
  for (const [text, value] of cases) assert.equal(parseGoFloat(text), value, text);
  assert.ok(Number.isNaN(parseGoFloat('nan')));
});

test('a long text that is no float is found out in linear time', () => {
  const digits = '9'.repeat(150_000);
  const started = performance.now();
  for (const text of [
    `${digits}x`,
    `${digits}.${digits}x`,
    `${digits}e1x`,
    `0x${digits}x`,
    `0x${digits}.${digits}p`,
  ])
    assert.equal(parseGoFloat(text), undefined);
  // Quadratic time is more than ten seconds here.
  assert.ok(performance.now() - started < 2000);
});
