import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Endpoint } from '../../../src/cluster/topology.ts';
import { marginFor } from '../../../src/dedup/margin.ts';
import { columnsSeries, memoryEndpoint, NEVER, scopeOf, selectionOf } from '../support.ts';

const MINUTE = 60_000;
const RANGE = { minTime: 100 * MINUTE, maxTime: 160 * MINUTE };

/** A replica whose series were scraped at an interval; those that were once are there in the middle of the range. */
function replica(name: string, { every, once = 0 }: { every?: number; once?: number }): Endpoint {
  const regular =
    every === undefined
      ? []
      : [
          columnsSeries(
            { __name__: 'm' },
            times(every).map((t) => [t, 1]),
          ),
        ];
  const single = Array.from({ length: once }, (_, i) =>
    columnsSeries({ __name__: 'm', i: String(i) }, [[130 * MINUTE, 1]]),
  );
  return memoryEndpoint(`${name}:1`, { __replica__: name }, [...regular, ...single]);
}

function times(every: number): readonly number[] {
  return Array.from({ length: Math.floor((400 * MINUTE) / every) }, (_, i) => i * every);
}

async function settleMs(...replicas: readonly Endpoint[]): Promise<number | undefined> {
  const request = {
    ...RANGE,
    matchers: [{ kind: '=', name: '__name__', value: 'm' }] as const,
    hints: { range: 0, func: '' },
  };
  return (
    await selectionOf(...replicas)
      .source(scopeOf())
      .select(request, NEVER)
  ).settleMs;
}

describe('until what is chosen among replicas cannot change any more, it takes', () => {
  const pair = (given: Parameters<typeof replica>[1]) => [replica('a', given), replica('b', given)];

  test('no time where there is nothing to choose', async () => {
    assert.equal(await settleMs(replica('a', { every: 15_000 })), 0);
  });

  test('the usual margin where the interval is not known yet', async () => {
    assert.equal(await settleMs(...pair({ every: 15_000 })), marginFor());
  });

  test('what series need that are scraped more seldom', async () => {
    const needed = await settleMs(...pair({ every: 5 * MINUTE }));
    assert.ok(needed! >= marginFor(5 * MINUTE) && needed! < 2 * marginFor(5 * MINUTE), String(needed));
  });

  test('nobody knows how long where many series have a single sample', async () => {
    assert.equal(await settleMs(...pair({ every: 15_000, once: 101 })), Infinity);
  });
});
