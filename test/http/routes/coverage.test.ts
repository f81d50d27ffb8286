import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPromqlServer } from '../../../src/app/promql-server.ts';
import { fixedTopology } from '../../../src/cluster/fixed-endpoint.ts';
import { SYSTEM_TIMERS } from '../../../src/model/timers.ts';
import { createSelection } from '../../../src/select/create-selection.ts';
import { MINUTE, START, indexAt, replicaOf, scraped } from '../../select/coverage/support.ts';
import { memoryOptions } from '../../support/memory-server.ts';

const A = replicaOf('a', { 1: scraped(0, 1000, [200, 215]), 2: scraped(0, 1000) });
const B = replicaOf('b', { 1: scraped(0, 1000), 2: scraped(0, 1000, [20, 30]) });

/** What the server answers 300 minutes after the start, with both replicas read. */
async function get(url: string): Promise<{ readonly statusCode: number; readonly body: string }> {
  const { index, clock } = indexAt(300);
  const endpoints = [A, B];
  for (const endpoint of endpoints) await index.refresh(endpoint);
  const topology = fixedTopology(endpoints);
  const selection = createSelection({
    topology: () => topology,
    coverage: index,
    timers: SYSTEM_TIMERS,
    clock,
  });
  return createPromqlServer({ ...memoryOptions(endpoints), selection }).inject(url);
}

interface Hole {
  readonly start: number;
  readonly end: number;
}

test('each endpoint is shown with what it lacks and what would be lost with it', async () => {
  const { body } = await get('/api/v1/status/coverage');
  const { shards } = (JSON.parse(body) as { readonly data: { readonly shards: readonly unknown[] } }).data;
  const hole = {
    start: START / 1000 + 200 * 60 - 15,
    end: START / 1000 + 215 * 60,
    kind: 'away',
    targets: 1,
    examples: [{ instance: '1', job: 'api' }],
    heldBy: ['b:1'],
  };
  const nothing = { holes: [], notShown: 0 };
  const known = { knownSince: START / 1000 + 7200, knownUntil: START / 1000 + 18_000 };
  assert.deepEqual(shards, [
    {
      labels: { cluster: 'eu' },
      start: known.knownSince,
      end: known.knownUntil,
      targets: 2,
      unprovenTargets: 0,
      endpoints: [
        {
          endpoint: 'a:1',
          ...known,
          coverage: 'lacks',
          targets: 2,
          wholeSince: hole.end,
          lacks: { holes: [hole], notShown: 0 },
          lostWithIt: nothing,
        },
        {
          endpoint: 'b:1',
          ...known,
          coverage: 'whole',
          targets: 2,
          wholeSince: known.knownSince,
          lacks: nothing,
          lostWithIt: { holes: [hole], notShown: 0 },
        },
      ],
      missingEverywhere: nothing,
    },
  ]);
});

test('an older range is read when it is asked for', async () => {
  const [start, end] = [0, 100].map((minute) => (START + minute * MINUTE) / 1000);
  const { body } = await get(`/api/v1/status/coverage?start=${start}&end=${end}`);
  interface Shard {
    readonly endpoints: readonly {
      readonly coverage: string;
      readonly lacks: { readonly holes: readonly Hole[] };
    }[];
  }
  const { shards } = (JSON.parse(body) as { readonly data: { readonly shards: readonly Shard[] } }).data;
  assert.deepEqual(
    shards[0]!.endpoints.map(({ coverage, lacks }) => [coverage, lacks.holes.length]),
    [
      ['whole', 0],
      ['lacks', 1],
    ],
  );
});

test('a range that is too long, or ends before it starts, is refused', async () => {
  const start = START / 1000;
  for (const [end, problem] of [
    [start + 25 * 3600, 'longer than 24 hours'],
    [start - 1, 'end timestamp must not be before start time'],
  ] as const) {
    const { statusCode, body } = await get(`/api/v1/status/coverage?start=${start}&end=${end}`);
    assert.equal(statusCode, 400);
    assert.ok(body.includes(problem), body);
  }
});

test('an explanation says of each replica whether it was whole', async () => {
  const at = (minute: number): string => String((START + minute * MINUTE) / 1000);
  interface Explanation {
    readonly selectors: readonly [
      { readonly shards: readonly [{ readonly endpoints: readonly { readonly coverage?: unknown }[] }] },
    ];
  }
  const explain = async (query: string): Promise<readonly unknown[]> => {
    const parameters = new URLSearchParams({ query, start: at(190), end: at(220), step: '60' });
    const { body } = await get(`/api/v1/explain?${parameters.toString()}`);
    const { data } = JSON.parse(body) as { readonly data: Explanation };
    return data.selectors[0].shards[0].endpoints.map(({ coverage }) => coverage);
  };
  assert.deepEqual(await explain('m{instance="2"}'), [
    { state: 'whole', targets: 1 },
    { state: 'whole', targets: 1 },
  ]);
  const [start, end] = [Number(at(200)) - 15, Number(at(215))];
  assert.deepEqual(await explain('m{job="api"}'), [
    { state: 'lacks', targets: 1, start, end },
    { state: 'whole', targets: 2 },
  ]);
});
