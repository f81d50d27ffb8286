import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Endpoint } from '../../../src/cluster/topology.ts';
import type { ReadWishes } from '../../../src/gateway/request-scope.ts';
import { labelsToRecord } from '../../../src/model/labels.ts';
import { columnsSeries, failingEndpoint, memoryEndpoint } from '../../select/support.ts';
import { gatewayAt, NOW, until } from './support.ts';

const HOLE = { from: NOW - 200_000, to: NOW - 140_000 };

/** Two replicas of which the first one missed a minute. */
function pair(): readonly Endpoint[] {
  const holey = until(4).filter(([t]) => t < HOLE.from || t > HOLE.to);
  return [
    memoryEndpoint('a:1', { shard: '0', __replica__: 'a' }, [
      columnsSeries({ __name__: 'm' }, holey),
      columnsSeries({ __name__: 'old' }, until(500)),
    ]),
    memoryEndpoint('b:1', { shard: '0', __replica__: 'b' }, [columnsSeries({ __name__: 'm' }, until(4))]),
  ];
}

async function exported(
  endpoints: readonly Endpoint[],
  selectors: readonly string[],
  wishes: ReadWishes = {},
  range = { minTime: NOW - 300_000, maxTime: NOW },
): Promise<{ readonly series: readonly unknown[]; readonly warnings: readonly string[] }> {
  const { gateway, scope } = gatewayAt(endpoints, wishes);
  const { series, annotations } = await gateway.raw.export(scope, { selectors, ...range });
  const read: unknown[] = [];
  for (const one of series) {
    if (one instanceof Promise) {
      await one;
      continue;
    }
    const { length, t } = one.columns;
    read.push([labelsToRecord(one.labels), Array.from({ length }, (_, i) => (NOW - t[i]!) / 1000)]);
  }
  return {
    series: read,
    warnings: annotations.map(({ kind }) => kind),
  };
}

const INSIDE = until(4)
  .map(([t]) => (NOW - t) / 1000)
  .filter((ago) => ago <= 300);

describe('an export', () => {
  it('has the samples of each series in the range once, and no series without any', async () => {
    const { series } = await exported(pair(), ['m', '{__name__=~"m|old"}']);
    assert.deepEqual(series, [[{ __name__: 'm', shard: '0' }, INSIDE]]);
  });

  it('has each replica with its holes where nothing is deduplicated', async () => {
    const { series } = await exported(pair(), ['m'], { dedup: false });
    const [from, to] = [(NOW - HOLE.from) / 1000, (NOW - HOLE.to) / 1000];
    assert.deepEqual(series, [
      [{ __name__: 'm', __replica__: 'a', shard: '0' }, INSIDE.filter((ago) => ago > from || ago < to)],
      [{ __name__: 'm', __replica__: 'b', shard: '0' }, INSIDE],
    ]);
  });

  it('says what is missing, and refuses where nothing may be', async () => {
    const endpoints = [...pair(), failingEndpoint('c:1', { shard: '1' })];
    assert.deepEqual((await exported(endpoints, ['m'])).warnings, ['shard']);
    await assert.rejects(exported(endpoints, ['m'], { partialResponse: false }), { kind: 'unavailable' });
  });

  it('wants selectors, and a range that does not end before it starts', async () => {
    await assert.rejects(exported([], []), { kind: 'bad_data', message: 'no match[] parameter provided' });
    await assert.rejects(exported([], ['m'], {}, { minTime: 1, maxTime: 0 }), { kind: 'bad_data' });
  });
});
