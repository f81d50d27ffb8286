import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatHistogram } from '../../src/model/histogram/format.ts';
import { ResetHint } from '../../src/model/histogram/float-histogram.ts';
import type { SampleColumns } from '../../src/model/sample-columns.ts';
import { describeLabels } from './describe.ts';
import { parseScript } from './parse-script.ts';
import { ScriptStorage } from './storage.ts';

function loaded(script: string): ReadonlyMap<string, SampleColumns> {
  const storage = new ScriptStorage();
  for (const command of parseScript(script)) {
    assert.ok(command.kind === 'load');
    storage.load(command);
  }
  return new Map(
    storage.series().map(({ labels, data }) => {
      assert.ok(data.kind === 'columns');
      return [describeLabels(labels), data.columns];
    }),
  );
}

function hintsOf(points: string): readonly (ResetHint | undefined)[] {
  const [columns] = loaded(`load 1m\n  m ${points}`).values();
  return Array.from({ length: columns!.length }, (_, i) => columns!.h?.at(i)?.resetHint);
}

test('points are an interval apart, gaps are left out', () => {
  const columns = loaded('load 1m\n  m 1 _ 3').get('m{}')!;
  assert.deepEqual([...columns.t.subarray(0, columns.length)], [0, 120_000]);
  assert.deepEqual([...columns.v.subarray(0, columns.length)], [1, 3]);
  assert.equal(columns.st, undefined);
});

test('start timestamps belong to their points', () => {
  const columns = loaded('load 1m\n  m@st -30s _ -1m\n  m 1 2 3').get('m{}')!;
  assert.deepEqual([...columns.st!.subarray(0, columns.length)], [-30_000, 0, 60_000]);
});

test('loads add up', () => {
  const columns = loaded('load 1m\n  m 1 2\n\nload 5m\n  m _ 3').get('m{}')!;
  assert.deepEqual([...columns.t.subarray(0, columns.length)], [0, 60_000, 300_000]);
  assert.throws(() => loaded('load 1m\n  m 1 2\n\nload 1m\n  m 1'), /out of order/);
});

test('histograms come back with the hints that a database gives them', () => {
  const { unknown, notReset, gauge } = ResetHint;
  const h = (count: number, rest = ''): string => `{{count:${count} buckets:[${count}] ${rest}}}`;
  assert.deepEqual(hintsOf(`${h(1)} ${h(2)} ${h(1)} ${h(1)}`), [unknown, notReset, unknown, notReset]);
  assert.deepEqual(hintsOf(`${h(1)} ${h(2, 'counter_reset_hint:reset')} ${h(3)}`), [
    unknown,
    unknown,
    notReset,
  ]);
  assert.deepEqual(hintsOf(`${h(1, 'counter_reset_hint:gauge')} ${h(2)}`), [gauge, unknown]);
  assert.deepEqual(hintsOf(`${h(1)} 5 ${h(2)}`), [unknown, undefined, unknown]);
  assert.deepEqual(hintsOf(`${h(1)} ${h(2, 'schema:1')}`), [unknown, unknown]);
});

test('classic histograms become native ones with custom buckets', () => {
  const series = loaded(`load_with_nhcb 1m
    h_bucket{le="1"} 1 2
    h_bucket{le="5"} 4 5
    h_bucket{le="+Inf"} 4 7
    h_sum 8 9
    h_count 4 7`);
  const { length, t, h } = series.get('h{}')!;
  assert.deepEqual([...t.subarray(0, length)], [0, 60_000]);
  assert.deepEqual(
    h!.toArray().map((histogram) => formatHistogram(histogram!)),
    ['{count:4, sum:8, [-Inf,1]:1, (1,5]:3}', '{count:7, sum:9, [-Inf,1]:2, (1,5]:3, (5,+Inf]:2}'],
  );
  assert.equal(series.size, 6);
});
