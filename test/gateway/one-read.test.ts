import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { BackendHints } from '../../src/backend/backend.ts';
import { createMemoryBackend } from '../../src/backend/memory/backend.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import { columnsSeries, endpointOf } from '../select/support.ts';
import type { InstantData } from '../support/api-client.ts';
import { memoryServer } from '../support/memory-server.ts';

const SAMPLES = Array.from({ length: 40 }, (_, i) => [15_000 * i, 2 * i] as const);
const SERIES = ['1', '2'].map((instance) => columnsSeries({ __name__: 'up', instance }, SAMPLES));

/** A server answers some turns of the loop later; so long what is asked meanwhile joins. */
const TURNS = 20;

/** Answers a query over two replicas. Each of them notes the hints of what it was asked for. */
async function answer(
  query: string,
  more: Readonly<Record<string, string>> = {},
): Promise<{ readonly values: readonly string[]; readonly reads: readonly BackendHints[] }> {
  const reads: Record<string, BackendHints[]> = { a: [], b: [] };
  const endpoints = ['a', 'b'].map((replica) => {
    const externalLabels = labelsFromRecord({ __replica__: replica });
    const backend = createMemoryBackend({ address: `${replica}:1`, externalLabels, series: SERIES });
    return endpointOf(
      {
        ...backend,
        select: async (scope, request) => {
          reads[replica]!.push(request.hints);
          // The query may give way between two selects.
          for (let turn = 0; turn < TURNS; turn++) await setImmediate();
          return backend.select(scope, request);
        },
      },
      externalLabels,
    );
  });
  const url = `/api/v1/query?${new URLSearchParams({ query, time: '590', ...more }).toString()}`;
  const { data } = (await memoryServer(endpoints).inject(url)).json<{ data: InstantData }>();
  assert.deepEqual(reads['a'], reads['b']);
  return { values: data.result.map(({ value }) => value[1]), reads: reads['a']! };
}

describe('one read of each endpoint serves all selectors of the same series and range', () => {
  const queries: readonly (readonly [query: string, values: readonly string[], reads: number])[] = [
    ['sum(up) / count(up)', ['78'], 1],
    ['avg by (instance) (up) - up', ['0', '0'], 1],
    ['max(resets(up[5m])) + max(changes(up[5m]))', ['19'], 1],
    ['sum_over_time(up{instance="1"}[1m]) + up{instance="1"}', ['378'], 2],
    ['max(up{instance="1",job=""}) + max(up{job="",instance="1"})', ['156'], 1],
    // Within its margin the range of the second is that of the first.
    ['max(up) - max(up offset 15s)', ['2'], 1],
    ['max(up) - max(up offset 4m)', ['32'], 2],
  ];
  for (const [query, values, reads] of queries)
    test(query, async () => {
      const answered = await answer(query);
      assert.deepEqual(answered.values, values);
      assert.deepEqual(
        answered.reads.map(({ range, func }) => [range, func]),
        Array.from({ length: reads }, () => [0, '']),
      );
    });
});

describe('functions read for themselves where samples depend on them', () => {
  const ways = {
    'evened-out counters': { dedup_func: 'penalty' },
    'downsampled data': { max_source_resolution: '5m' },
  };
  for (const [what, more] of Object.entries(ways))
    test(what, async () => {
      const { values, reads } = await answer('max(resets(up[5m])) + max(changes(up[5m]))', more);
      assert.deepEqual(values, ['19']);
      assert.deepEqual(
        reads.map(({ range, func }) => [range, func]),
        [
          [300_000, 'resets'],
          [300_000, 'changes'],
        ],
      );
    });
});
