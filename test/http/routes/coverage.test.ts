import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPromqlServer } from '../../../src/app/promql-server.ts';
import type { Endpoint } from '../../../src/cluster/topology.ts';
import { fixedTopology } from '../../../src/cluster/fixed-endpoint.ts';
import { SYSTEM_TIMERS } from '../../../src/model/timers.ts';
import { createSelection } from '../../../src/select/create-selection.ts';
import { MINUTE, START, indexAt, replicaOf, scraped } from '../../select/coverage/support.ts';
import { memoryOptions } from '../../support/memory-server.ts';

const A = replicaOf('a', { 1: scraped(0, 1000, [200, 215]), 2: scraped(0, 1000) });
const B = replicaOf('b', { 1: scraped(0, 1000), 2: scraped(0, 1000, [20, 30]) });

/** What the server answers 300 minutes after the start, with the endpoints read. */
async function get(
  url: string,
  endpoints: readonly Endpoint[] = [A, B],
): Promise<{ readonly statusCode: number; readonly body: string }> {
  const { index, clock } = indexAt(300);
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
  const nothing = { targets: 0, holes: [], notShown: 0 };
  const { heldBy: _, ...own } = hole;
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
          holes: { targets: 1, holes: [own], notShown: 0 },
          lacks: { targets: 1, holes: [hole], notShown: 0 },
          lostWithIt: nothing,
        },
        {
          endpoint: 'b:1',
          ...known,
          coverage: 'whole',
          targets: 2,
          wholeSince: known.knownSince,
          holes: nothing,
          lacks: nothing,
          lostWithIt: { targets: 1, holes: [hole], notShown: 0 },
        },
      ],
      missingEverywhere: nothing,
    },
  ]);
});

test('an outage of both is told apart from what one of them has, and a server is whole since it began', async () => {
  const late = replicaOf('a', { 1: scraped(150, 1000, [200, 215]), 2: scraped(150, 1000, [200, 215]) });
  const early = replicaOf('b', { 1: scraped(130, 1000, [204, 210]), 2: scraped(130, 1000, [204, 210]) });
  const { body } = await get('/api/v1/status/coverage', [late, early]);
  interface Endpoint {
    readonly coverage: string;
    readonly wholeSince: number;
    readonly holes: { readonly holes: readonly Hole[] };
    readonly lacks: { readonly holes: readonly Hole[] };
  }
  const { shards } = (
    JSON.parse(body) as {
      readonly data: {
        readonly shards: readonly {
          readonly endpoints: readonly Endpoint[];
          readonly missingEverywhere: { readonly holes: readonly Hole[] };
        }[];
      };
    }
  ).data;
  const minutes = ({ holes }: { readonly holes: readonly Hole[] }): readonly string[] =>
    holes.map(({ start, end }) => [start, end].map((t) => (t - START / 1000) / 60).join('–'));
  assert.deepEqual(
    shards[0]!.endpoints.map(({ coverage, wholeSince, holes, lacks }) => [
      coverage,
      (wholeSince - START / 1000) / 60,
      minutes(holes),
      minutes(lacks),
    ]),
    [
      ['lacks', 215, ['130–150', '199.75–215'], ['130–150', '199.75–203.75', '210–215']],
      ['lacks', 210, ['203.75–210'], []],
    ],
  );
  assert.deepEqual(minutes(shards[0]!.missingEverywhere), ['203.75–210']);
});

test('a server is whole since its first scrape at the earliest', async () => {
  const { body } = await get('/api/v1/status/coverage', [replicaOf('a', { 1: scraped(290, 1000) })]);
  assert.match(body, /"coverage":"whole"/);
  assert.match(body, new RegExp(`"wholeSince":${START / 1000 + 290 * 60},`));
});

test('a server that is down is not whole, and is so since no time, though all that is known of it is', async () => {
  const failure = { endpoint: 'a:1', kind: 'unavailable', reason: 'connection refused' } as const;
  const whole = replicaOf('a', { 1: scraped(0, 1000) });
  const down: Endpoint = { ...whole, health: { kind: 'down', failure, since: START } };
  const { body } = await get('/api/v1/status/coverage', [down]);
  interface Shard {
    readonly endpoints: readonly {
      readonly coverage: string;
      readonly problem?: string;
      readonly wholeSince?: number;
    }[];
  }
  const { shards } = (JSON.parse(body) as { readonly data: { readonly shards: readonly Shard[] } }).data;
  const [{ coverage, problem, wholeSince }] = shards[0]!.endpoints as [Shard['endpoints'][number]];
  assert.deepEqual(
    { coverage, problem, wholeSince },
    {
      coverage: 'unknown',
      problem: 'connection refused',
      wholeSince: undefined,
    },
  );
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
    {
      state: 'lacks',
      targets: 1,
      holes: [{ start, end, kind: 'away', targets: 1, heldBy: ['b:1'] }],
      holesNotShown: 0,
    },
    { state: 'whole', targets: 2 },
  ]);
});
