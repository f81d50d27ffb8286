import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QueryValue } from '../../../../src/engine/answer.ts';
import { encodeValue } from '../../../../src/http/routes/query/encode-value.ts';
import { leastBytes } from '../../../../src/http/routes/query/least-bytes.ts';
import { EMPTY_LABELS } from '../../../../src/model/labels.ts';
import { SampleBuffer } from '../../../../src/model/sample-columns.ts';

function bytesOf(value: QueryValue): number {
  let bytes = 0;
  for (const piece of encodeValue(value)) bytes += Buffer.from(piece).length;
  return bytes;
}

function matrixOf(samples: number, series: number, from: number, value: number): QueryValue {
  const columns = new SampleBuffer();
  for (let i = 0; i < samples; i++) columns.push(from + i * 1000, value);
  return {
    kind: 'matrix',
    series: Array.from({ length: series }, () => ({ labels: EMPTY_LABELS, columns })),
  };
}

function vectorOf(count: number, t: number, v: number): QueryValue {
  const sample = { labels: EMPTY_LABELS, t, v, h: undefined };
  return { kind: 'vector', samples: Array.from({ length: count }, () => sample) };
}

test('no answer has fewer bytes, whatever its times and values are', () => {
  let checked = 0;
  for (const from of [-5_000_000, -1000, 0, 8000, 999_998_000, 1_700_000_000_500])
    for (const value of [0, 1, -0.5, Math.PI, Infinity, Number.NaN])
      for (const [samples, series] of [
        [0, 0],
        [1, 1],
        [1, 30],
        [500, 3],
      ] as const)
        for (const answer of [matrixOf(samples, series, from, value), vectorOf(series, from, value)]) {
          assert.ok(leastBytes(answer) <= bytesOf(answer), `${from} ${value} ${samples} × ${series}`);
          checked++;
        }
  assert.ok(checked > 200);
});

test('of samples of one digit it is nearly all', () => {
  for (const answer of [matrixOf(1000, 10, 1_700_000_000_000, 1), vectorOf(1000, 0, 1)])
    assert.ok(leastBytes(answer) > 0.99 * bytesOf(answer));
});
