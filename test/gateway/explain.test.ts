import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Endpoint } from '../../src/cluster/topology.ts';
import { ChunkEncoding } from '../../src/model/chunk.ts';
import { labelsFromRecord } from '../../src/model/labels.ts';
import type { ExplanationJson, SelectorJson } from '../../src/http/api/explanation.ts';
import { columnsSeries, coveredBy, failingEndpoint, memoryEndpoint } from '../select/support.ts';
import type { ApiAnswer, InstantData } from '../support/api-client.ts';
import { memoryServer } from '../support/memory-server.ts';
import { scrapedCounter } from '../support/scrapes.ts';

const M = { __name__: 'm' };

/** `a` misses the scrapes at 136, 151, 166 and 181 s and the one at 301 s; `b` has all of its own. */
const A = memoryEndpoint('a:1', { shard: '0', __replica__: 'a' }, [
  scrapedCounter(M, 1, 600, [125, 190], [301, 302]),
]);
const B = memoryEndpoint('b:1', { shard: '0', __replica__: 'b' }, [scrapedCounter(M, 7, 600)]);
const LOST = failingEndpoint(
  'c:1',
  { shard: '0', __replica__: 'c' },
  { ...coveredBy('a:1'), protocol: 'query' },
);
const OTHER_SHARD = memoryEndpoint('d:1', { shard: '1', __replica__: 'a' }, []);

async function explain(
  endpoints: readonly Endpoint[],
  parameters: Readonly<Record<string, string>>,
): Promise<ApiAnswer<ExplanationJson>> {
  const url = `/api/v1/explain?${new URLSearchParams({ time: '480', ...parameters }).toString()}`;
  return (await memoryServer(endpoints).inject(url)).json<ApiAnswer<ExplanationJson>>();
}

async function explainOne(...args: Parameters<typeof explain>): Promise<SelectorJson> {
  const { data, error } = await explain(...args);
  assert.equal(error, undefined);
  assert.equal(data.selectors.length, 1);
  return data.selectors[0]!;
}

test('the plan, the endpoints and the windows of a pair with known gaps are told exactly', async () => {
  const { data, infos, warnings } = await explain([A, B, LOST, OTHER_SHARD], {
    query: 'rate(m{shard="0"}[8m])',
  });
  const endpointA = {
    address: 'a:1',
    replica: 'a',
    externalLabels: { __replica__: 'a', shard: '0' },
    protocol: 'memory',
    health: 'up',
    outcome: 'answered',
    durationMs: 0,
  };
  assert.deepEqual(data, {
    query: 'rate(m{shard="0"}[8m])',
    start: 480,
    end: 480,
    step: 0,
    dedup: true,
    dedupFunc: 'gap-aware',
    replicaLabels: ['__replica__'],
    partialResponse: true,
    plan: 'call rate\n  range 8m\n    select #0\n#0 fetches {shard="0", __name__="m"} in [1970-01-01 00:00:00.001, 1970-01-01 00:08:00]',
    nodes: [
      { level: 0, text: 'call rate', at: { start: 0, end: 22 }, type: 'vector' },
      { level: 1, text: 'range 8m', at: { start: 5, end: 21 }, type: 'matrix' },
      { level: 2, text: 'select #0', type: 'vector', selector: 0 },
    ],
    selectors: [
      {
        selector: 'm{shard="0"}',
        start: 0.001,
        end: 480,
        fetched: { start: -840, end: 1439.999 },
        margin: {
          seconds: 960,
          reason: 'the usual one, since it is not known how often these series are scraped',
        },
        shards: [
          {
            labels: { shard: '0' },
            endpoints: [
              {
                ...endpointA,
                bytes: 35 * 16,
                series: 1,
                samples: { delivered: 35, inRange: 27, survived: 27 },
                share: 27 / 32,
              },
              {
                ...endpointA,
                address: 'b:1',
                replica: 'b',
                externalLabels: { __replica__: 'b', shard: '0' },
                bytes: 40 * 16,
                series: 1,
                samples: { delivered: 40, inRange: 32, survived: 5 },
                share: 5 / 32,
              },
              {
                address: 'c:1',
                replica: 'c',
                externalLabels: { __replica__: 'c', shard: '0' },
                protocol: 'query',
                health: 'up',
                outcome: 'failed',
                reason: 'connection refused',
                durationMs: 0,
              },
            ],
          },
          {
            labels: { shard: '1' },
            endpoints: [
              {
                address: 'd:1',
                replica: 'a',
                externalLabels: { __replica__: 'a', shard: '1' },
                protocol: 'memory',
                health: 'up',
                outcome: 'pruned',
                reason: 'its label shard="1" does not match shard="0"',
              },
            ],
          },
        ],
        unknownEndpoints: [],
        summary: {
          series: 1,
          samples: { delivered: 75, inRange: 59, survived: 32 },
          switches: 2,
          holesFilled: 1,
          reasons: [
            { reason: 'tie', windows: 4 },
            { reason: 'replica a missed scrapes', windows: 1 },
          ],
        },
        timeline: { start: 0, cellSeconds: 10, cells: 49 },
        seriesNotShown: 0,
        series: [
          {
            labels: { __name__: 'm', shard: '0' },
            replicas: [
              {
                replica: 'a',
                address: 'a:1',
                samples: { delivered: 35, inRange: 27, survived: 27 },
                timeline: 'cccccccccccccc-----ccccccccccc-cccccccccccccccccc',
              },
              {
                replica: 'b',
                address: 'b:1',
                samples: { delivered: 40, inRange: 32, survived: 5 },
                timeline: 'iiiiiiiiiiiiiiccccciiiiiiiiiiifiiiiiiiiiiiiiiiiii',
              },
              {
                replica: 'c',
                address: 'c:1',
                samples: { delivered: 0, inRange: 0, survived: 0 },
                timeline: 'x'.repeat(49),
              },
            ],
            switches: 2,
            holesFilled: 1,
            windows: [
              { start: 0, end: 120, replica: 'a', reason: 'tie', penaltyMs: 1000, windows: 1 },
              {
                start: 120,
                end: 240,
                replica: 'b',
                reason: 'replica a missed 4 scrapes',
                penaltyMs: 0,
                windows: 1,
              },
              { start: 240, end: 600, replica: 'a', reason: 'tie', penaltyMs: 15_000, windows: 3 },
            ],
            windowsNotShown: 0,
          },
        ],
      },
    ],
  });
  assert.equal(warnings, undefined);
  assert.match(infos![0]!, /endpoint c:1 did not answer: connection refused; nothing is missing/);
});

test('the margin is told with its reason, and which series it was too small for', async () => {
  const pair = (interval: number): readonly Endpoint[] =>
    ['a', 'b'].map((name) => {
      const samples = Array.from({ length: 400 }, (_, i) => [i * interval, i] as const);
      return memoryEndpoint(`${name}:1`, { __replica__: name }, [columnsSeries({ __name__: 'm' }, samples)]);
    });
  const marginsOf = async (interval: number): Promise<readonly SelectorJson['margin'][]> => {
    const server = memoryServer(pair(interval));
    const ask = async () =>
      (await server.inject('/api/v1/explain?query=m&time=7200')).json<ApiAnswer<ExplanationJson>>();
    return [await ask(), await ask()].map(({ data }) => data.selectors[0]!.margin);
  };
  const usual = 'the usual one, since it is not known how often these series are scraped';
  const lately = 'by what was seen lately: the slowest of these series is scraped every';
  assert.deepEqual(await marginsOf(30_000), [
    { seconds: 960, reason: usual },
    { seconds: 720, reason: `${lately} 30 s` },
  ]);
  assert.deepEqual(await marginsOf(300_000), [
    { seconds: 960, reason: usual, readAgain: { series: 1, seconds: 5880 } },
    { seconds: 6480, reason: `${lately} 300 s` },
  ]);
});

test('without deduplication each replica is a series and nothing is chosen', async () => {
  const { series, summary } = await explainOne([A, B], { query: 'm', dedup: 'false' });
  assert.deepEqual(
    series.map(({ labels, replicas, windows }) => [labels['__replica__'], replicas.length, windows]),
    [
      ['a', 1, []],
      ['b', 1, []],
    ],
  );
  assert.deepEqual(summary.reasons, []);
  assert.equal(summary.samples.survived, summary.samples.inRange);
});

test('chain takes samples of all replicas and has no windows', async () => {
  const { series, fetched, summary } = await explainOne([A, B], { query: 'm[8m]', dedup_func: 'chain' });
  assert.deepEqual(fetched, { start: 0.001, end: 480 });
  assert.equal(summary.samples.survived, 27 + 32);
  assert.deepEqual(series[0]!.windows, []);
  // 27 + 32 samples in turn, but for the four and the one that a lacks between two of b.
  assert.equal(series[0]!.switches, 27 + 32 - 1 - 5);
});

test('penalty names its replicas as well', async () => {
  const { series, summary } = await explainOne([A, B], { query: 'm[8m]', dedup_func: 'penalty' });
  const survived = series[0]!.replicas.map(({ samples }) => samples.survived);
  assert.ok(survived[0]! > 0 && survived[1]! > 0);
  assert.equal(survived[0]! + survived[1]!, summary.samples.survived);
});

test('a series that one endpoint alone has says so, window by window', async () => {
  const only = scrapedCounter({ __name__: 'm', instance: 'x' }, 1, 600, [240, 360]);
  const empty = memoryEndpoint('b:1', { __replica__: 'b' }, []);
  const { series } = await explainOne([memoryEndpoint('a:1', { __replica__: 'a' }, [only]), empty], {
    query: 'm[8m]',
  });
  assert.deepEqual(series[0]!.windows, [
    { start: 0, end: 240, replica: 'a', reason: 'only source', windows: 2 },
    { start: 360, end: 600, replica: 'a', reason: 'only source', windows: 2 },
  ]);
  assert.match(series[0]!.replicas[0]!.timeline, /^c{23}-{13}c{13}$/);
});

test('more series than the limit are counted, and count in the figures', async () => {
  const series = Array.from({ length: 30 }, (_, i) =>
    scrapedCounter({ __name__: 'm', instance: `${i + 10}` }, 1, 600),
  );
  const endpoints = ['a', 'b'].map((replica) =>
    memoryEndpoint(`${replica}:1`, { __replica__: replica }, series),
  );
  const byDefault = await explainOne(endpoints, { query: 'm[8m]' });
  assert.deepEqual([byDefault.series.length, byDefault.seriesNotShown], [5, 25]);
  assert.equal(byDefault.summary.series, 30);
  assert.equal(byDefault.summary.samples.survived, 30 * 32);
  const none = await explainOne(endpoints, { query: 'm[8m]', limit: '0' });
  assert.deepEqual([none.series.length, none.seriesNotShown], [0, 30]);
  assert.deepEqual(none.summary, byDefault.summary);
  const { error } = await explain(endpoints, { query: 'm', limit: '1001' });
  assert.equal(error, 'invalid parameter "limit": at most 1000 series can be shown');
});

test('windows and cells beyond the bounds are counted and made longer', async () => {
  const day = 86_400;
  const everyOther = Array.from({ length: day / 240 }, (_, i) => [240 * i, 240 * i + 110] as const);
  const series = [scrapedCounter(M, 1, day, ...everyOther), scrapedCounter(M, 7, day)];
  const endpoints = series.map((one, i) => memoryEndpoint(`${i}:1`, { __replica__: `${i}` }, [one]));
  const explained = await explainOne(endpoints, { query: `m[${day - 1}s]`, time: `${day - 1}` });
  const [{ windows, windowsNotShown }] = explained.series as [SelectorJson['series'][number]];
  assert.equal(windows.length, 100);
  assert.equal(windows.length + windowsNotShown, day / 120);
  assert.deepEqual(explained.timeline, { start: 0, cellSeconds: 360, cells: 240 });
  assert.ok(explained.series[0]!.replicas.every(({ timeline }) => timeline.length === 240));
});

test('what strict queries fail on is told instead of thrown', async () => {
  const lost = failingEndpoint('d:1', { shard: '1' });
  const { data, warnings } = await explain([A, lost], { query: 'm', partial_response: 'false' });
  const sentence = 'shard {shard="1"} is missing: endpoint d:1 did not answer: connection refused';
  assert.equal(data.selectors[0]!.refused, sentence);
  assert.deepEqual(warnings, [sentence]);
  const lenient = await explainOne([A, lost], { query: 'm' });
  assert.equal(lenient.refused, undefined);
});

test('an endpoint that is known to hang is not asked, and takes no time', async () => {
  const failure = { kind: 'timeout', endpoint: 'd:1', reason: 'no answer within 30 s' } as const;
  const hanging = failingEndpoint('d:1', { shard: '1' }, { health: { kind: 'down', failure, since: 0 } });
  const { shards } = await explainOne([A, hanging], { query: 'm' });
  const { health, outcome, reason, durationMs } = shards[1]!.endpoints[0]!;
  assert.deepEqual(
    { health, outcome, reason, durationMs },
    { health: 'down', outcome: 'failed', reason: 'no answer within 30 s', durationMs: undefined },
  );
});

test('samples that cannot be decoded are told, and fail strict queries', async () => {
  const chunk = { encoding: ChunkEncoding.xor, minTime: 0, maxTime: 1000, data: Uint8Array.of(0, 9, 1) };
  const broken = memoryEndpoint('x:1', { shard: '0', __replica__: 'x' }, [
    { labels: labelsFromRecord(M), data: { kind: 'chunks', chunks: [chunk] } },
  ]);
  const { data, warnings } = await explain([A, broken], { query: 'm', partial_response: 'false' });
  assert.match(warnings![0]!, /endpoint x:1 .* sent chunks that cannot be decoded/);
  assert.equal(data.selectors[0]!.refused, warnings![0]);
  assert.deepEqual(
    data.selectors[0]!.series[0]!.replicas.map(({ replica }) => replica),
    ['a'],
  );
});

test('an endpoint that never told its labels is listed apart', async () => {
  const unknown = {
    ...failingEndpoint('d:1', {}),
    externalLabels: undefined,
    health: { kind: 'pending' },
  } as const;
  const { unknownEndpoints } = await explainOne([A, unknown], { query: 'm' });
  assert.deepEqual(unknownEndpoints, [
    {
      address: 'd:1',
      replica: 'd:1',
      protocol: 'memory',
      health: 'pending',
      outcome: 'failed',
      reason: 'it never answered, so its labels are unknown',
    },
  ]);
});

test('an endpoint without samples of the time says so', async () => {
  const old = memoryEndpoint('o:1', { shard: '0', __replica__: 'o' }, [], { maxTime: -1e9 });
  const { shards } = await explainOne([A, old], { query: 'm' });
  assert.deepEqual(
    shards[0]!.endpoints.map(({ outcome, reason }) => [outcome, reason]),
    [
      ['answered', undefined],
      ['pruned', 'it holds no samples of the time range'],
    ],
  );
});

test('a range query is explained over all of its steps, each selector once', async () => {
  const { data } = await explain([A, B], {
    query: 'm / m + m offset 1m',
    start: '300',
    end: '480',
    step: '15',
  });
  assert.deepEqual(
    [data.start, data.end, data.step, data.selectors.map(({ start, end }) => [start, end])],
    [
      300,
      480,
      15,
      [
        [0.001, 480],
        [-59.999, 420],
      ],
    ],
  );
});

test('mistakes are refused like those of queries', async () => {
  const errors = [
    (await explain([A], { query: 'm{' })).error,
    (await explain([A], { query: 'm[5m]', start: '0', end: '1', step: '1' })).error,
    (await explain([A], { query: 'm', start: '0', end: '1' })).error,
  ];
  assert.match(errors[0]!, /^invalid parameter "query": 1:3: parse error/);
  assert.match(errors[1]!, /invalid expression type "range vector" for range query/);
  assert.match(errors[2]!, /^invalid parameter "step"/);
});

for (const mode of ['gap-aware', 'chain', 'penalty'])
  test(`what is kept is what the query reads: ${mode}`, async () => {
    const query = 'count_over_time(m[8m])';
    const { summary } = await explainOne([A, B], { query, dedup_func: mode });
    const parameters = new URLSearchParams({ query, time: '480', dedup_func: mode });
    const response = await memoryServer([A, B]).inject(`/api/v1/query?${parameters.toString()}`);
    const { result } = response.json<ApiAnswer<InstantData>>().data;
    assert.equal(summary.samples.survived, Number(result[0]!.value[1]));
  });
