import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outages } from '../workload/stores.ts';
import { compare } from './compare.ts';
import type { BenchResult, RowResult } from './result.ts';

function row(name: string, ratio: number): RowResult {
  return {
    name,
    query: 'count(up)',
    pairs: 7,
    direct: { median: 10, min: 9 },
    gateway: { median: 10 * ratio, min: 9 * ratio },
    ratio,
    cpuMs: { gateway: 4, backends: 2, direct: 1 },
    bytesRead: 1000,
    peakBytes: 2e8,
    healthyMs: { direct: 0, gateway: 0 },
    stages: {},
  };
}

function result(rows: readonly RowResult[], outages: Outages = 'none'): BenchResult {
  return {
    form: 1,
    workload: { size: 'full', outages, network: false, version: 'v', prometheus: '3.14.0' },
    machine: { processor: 'p', cores: 2, memoryBytes: 8e9, node: '24.0.0' },
    rows,
  };
}

test('each row shows both ratios and how the second stands to the first', () => {
  const lines = compare(result([row('raw', 2)]), result([row('raw', 1)])).split('\n');
  assert.match(lines[2]!, /^\| raw +\| +2\.00 \| +1\.00 \| +0\.50 \|/);
});

test('rows are found by their names, whatever their order', () => {
  const text = compare(result([row('raw', 2), row('topk', 4)]), result([row('topk', 4), row('raw', 2)]));
  assert.equal([...text.matchAll(/\| +1\.00 \| +4\.00 \|/g)].length, 2);
});

test('runs of different workloads are refused', () => {
  assert.throws(
    () => compare(result([]), result([], 'turns')),
    /outages is none in the first and turns in the second/,
  );
});

test('half a run is refused', () => {
  const [whole, half] = [result([row('raw', 2), row('topk', 4)]), result([row('raw', 2)])];
  assert.throws(() => compare(whole, half), /the second run has no rows topk/);
  assert.throws(() => compare(half, whole), /the first run has no rows topk/);
});
