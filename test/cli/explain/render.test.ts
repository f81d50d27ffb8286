import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPromqlServer } from '../../../src/app/promql-server.ts';
import type { Endpoint } from '../../../src/cluster/topology.ts';
import { coveredBy, failingEndpoint, memoryEndpoint } from '../../select/support.ts';
import { memoryOptions, memoryServer } from '../../support/memory-server.ts';
import { scrapedCounter } from '../../support/scrapes.ts';
import { runExplain } from './support.ts';

const M = { __name__: 'm', job: 'api' };

/** A shard of two replicas with gaps and one that failed, and a shard that the query leaves out. */
const ENDPOINTS: readonly Endpoint[] = [
  memoryEndpoint('a:1', { shard: '0', __replica__: 'a' }, [
    scrapedCounter(M, 1, 1200, [125, 190], [301, 302], [500, 720]),
  ]),
  memoryEndpoint('b:1', { shard: '0', __replica__: 'b' }, [scrapedCounter(M, 7, 1200, [960, 1200])]),
  failingEndpoint('c:1', { shard: '0', __replica__: 'c' }, coveredBy('a:1')),
  memoryEndpoint('d:1', { shard: '1', __replica__: 'a' }, []),
];

/** What `promweave explain` prints when it asks a gateway over the endpoints. */
async function explained(
  endpoints: readonly Endpoint[],
  args: readonly string[],
  columns?: number,
): Promise<string> {
  return explainedBy(memoryServer(endpoints), args, columns);
}

async function explainedBy(
  server: ReturnType<typeof memoryServer>,
  args: readonly string[],
  columns?: number,
): Promise<string> {
  try {
    const url = await server.listen({ host: '127.0.0.1', port: 0 });
    const { code, out, error } = await runExplain([`--url=${url}`, ...args], columns);
    assert.deepEqual([code, error], [0, '']);
    return out;
  } finally {
    await server.close();
  }
}

test('an explanation of a pair with gaps, a failed replica and a pruned shard reads like this', async () => {
  const out = await explained(ENDPOINTS, ['rate(m{shard="0"}[18m])', '--time=1199']);
  assert.equal(
    out,
    `rate(m{shard="0"}[18m])
at 1970-01-01 00:19:59 UTC
deduplication gap-aware by __replica__

Plan
  call rate
    range 18m
      select #0
  #0 fetches {shard="0", __name__="m"} in [1970-01-01 00:01:59.001, 1970-01-01
      00:19:59]

#0 m{shard="0"}
  needs 1970-01-01 00:01:59 – 1970-01-01 00:19:59
  fetched 1969-12-31 23:46:00 – 1970-01-01 00:33:59
  margin 16 min: the usual one, since it is not known how often these series are
      scraped
  shard {shard="0"}
    a  a:1  up, memory
        1 series, 61 samples, 976 B in 0 ms; kept 53 of 53 in range, 74 % of the
            shard
    b  b:1  up, memory
        1 series, 64 samples, 1 kB in 0 ms; kept 19 of 56 in range, 26 % of the
            shard
    c  c:1  up, memory
        failed after 0 ms: connection refused
  shard {shard="1"}
    a  d:1  up, memory
        not asked: its label shard="1" does not match shard="0"
  1 series: 125 samples came, 109 in range, 72 kept; 4 switches, 1 hole filled
  windows by reason: 5 × tie, 3 × only source, 2 × replica a missed scrapes

  m{job="api", shard="0"}
    a  ██···██████·████████████············███████████████████████████  53 of 53
    b  ░░███░░░░░░▒░░░░░░░░░░░░████████████░░░░░░░░░░░░░░░············  19 of 56
    c  ×××××××××××××××××××××××××××××××××××××××××××××××××××××××××××××××  failed
       00:01                                                     00:20
    00:00 – 00:02  a  tie (misses 1 s itself)
    00:02 – 00:04  b  replica a missed 4 scrapes
    00:04 – 00:08  a  tie (misses 15 s itself)
    00:08 – 00:10  b  replica a missed 6 scrapes
    00:10 – 00:12  b  only source
    00:12 – 00:16  a  tie (misses 1 s itself)
    00:16 – 00:20  a  only source

█ chosen  ▒ fills holes  ░ not chosen  · no samples  × failed

Infos
  in shard {shard="0"} endpoint c:1 did not answer: connection refused; nothing
      is missing, its replica a:1, b:1 answered
`,
  );
});

test('without deduplication no window is chosen, and series beyond the limit are counted', async () => {
  const out = await explained(ENDPOINTS, ['m', '--time=300', '--no-dedup', '--limit=1']);
  assert.equal(
    out,
    `m
at 1970-01-01 00:05:00 UTC
without deduplication

Plan
  select #0
  #0 fetches {__name__="m"} in [1970-01-01 00:00:00.001, 1970-01-01 00:05:00]

#0 m
  needs 1970-01-01 00:00:00 – 1970-01-01 00:05:00
  fetched 1970-01-01 00:00:00 – 1970-01-01 00:05:00
  shard {shard="0"}
    a  a:1  up, memory
        1 series, 16 samples, 256 B in 0 ms; kept 16 of 16 in range, 44 % of the
            shard
    b  b:1  up, memory
        1 series, 20 samples, 320 B in 0 ms; kept 20 of 20 in range, 56 % of the
            shard
    c  c:1  up, memory
        failed after 0 ms: connection refused
  shard {shard="1"}
    a  d:1  up, memory
        0 series, 0 samples, 0 B in 0 ms; kept 0 of 0 in range, 0 % of the shard
  2 series: 36 samples came, 36 in range, 36 kept; 0 switches, 0 holes filled

  m{__replica__="a", job="api", shard="0"}
    a  █████████████······████████████  16 of 16
       00:00                     00:05

  not shown: 1 series

█ chosen  ▒ fills holes  ░ not chosen  · no samples  × failed

Warnings
  shard {__replica__="c", shard="0"} is missing: endpoint c:1 did not answer:
      connection refused
`,
  );
});

test('long timelines and lines are made to fit the terminal', async () => {
  const series = [
    scrapedCounter(
      { __name__: 'm', instance: 'a-rather-long-instance-name:8080', job: 'job' },
      1,
      36_000,
      [9000, 27_000],
    ),
  ];
  const out = await explained(
    ['a', 'b'].map((replica) => memoryEndpoint(`${replica}:1`, { __replica__: replica }, series)),
    ['m[36000s]', '--time=35999'],
    60,
  );
  assert.equal(
    out,
    `m[36000s]
at 1970-01-01 09:59:59 UTC
deduplication gap-aware by __replica__

Plan
  range 10h
    select #0
  #0 fetches {__name__="m"} in [1969-12-31 23:59:59.001,
      1970-01-01 09:59:59]

#0 m
  needs 1969-12-31 23:59:59 – 1970-01-01 09:59:59
  fetched 1969-12-31 23:44:00 – 1970-01-01 10:13:59
  margin 16 min: the usual one, since it is not known how
      often these series are scraped
  shard {}
    a  a:1  up, memory
        1 series, 1,200 samples, 19.2 kB in 0 ms; kept 1,200
            of 1,200 in range, 100 % of the shard
    b  b:1  up, memory
        1 series, 1,200 samples, 19.2 kB in 0 ms; kept 0 of
            1,200 in range, 0 % of the shard
  1 series: 2,400 samples came, 2,400 in range, 1,200 kept;
      0 switches, 0 holes filled
  windows by reason: 150 × tie

  m{instance="a-rather-long-instance-name:8080", job="job"}
    a  ██████████··················█████████  1,200 of 1,200
    b  ░░░░░░░░░░··················░░░░░░░░░  0 of 1,200
       12-31 23:58               01-01 10:02
    01-01 00:00 – 01-01 02:30  a  tie (misses 1 s itself)
    01-01 07:30 – 01-01 10:00  a  tie (misses 1 s itself)

█ chosen  ▒ fills holes  ░ not chosen  · no samples  ×
    failed
`,
  );
  assert.ok(out.split('\n').every((line) => line.length <= 60));
});

test('a query that would fail says so', async () => {
  const out = await explained(ENDPOINTS.slice(2), ['m', '--time=300', '--no-query.partial-response']);
  assert.match(out, /\n {2}The query fails: shard \{shard="0"\} is missing: endpoint c:1 did not answer:\n/);
  assert.match(out, /\nWarnings\n {2}shard \{shard="0"\} is missing/);
});

test('the range, the replica labels and the deduplication of the flags are those of the answer', async () => {
  const out = await explained(ENDPOINTS, [
    'm',
    '--start=300',
    '--end=600',
    '--step=30s',
    '--deduplication.func=chain',
    '--query.replica-label=__replica__,shard',
  ]);
  const [query, when, how] = out.split('\n');
  assert.deepEqual(
    [query, when, how],
    [
      'm',
      'from 1970-01-01 00:05:00 to 1970-01-01 00:10:00 UTC, step 30 s',
      'deduplication chain by __replica__, shard',
    ],
  );
});

test('where results are kept, it is said how many of the query are, or why none', async () => {
  const headOf = async (query: string): Promise<string> => {
    const server = createPromqlServer({
      ...memoryOptions(ENDPOINTS.slice(1, 2)),
      resultsCache: { bytes: 1e6, lifetime: 1e6, minFresh: 0 },
      clock: { now: () => 1e7, monotonic: () => 0 },
    });
    await server.inject(`/api/v1/query_range?query=m&start=300&end=600&step=30`);
    const out = await explainedBy(server, [query, '--start=300', '--end=660', '--step=30s'], 200);
    return out.split('\n')[3]!;
  };
  assert.equal(await headOf('m'), 'results of 11 of 13 steps are kept, the oldest since 0 min');
  assert.match(
    await headOf('m @ start()'),
    /^nothing of its results is kept: its steps depend on more than /,
  );
});

test('an empty result says why it is empty', async () => {
  const [a, , lost, other] = ENDPOINTS;
  const reason = async (endpoints: readonly Endpoint[], query: string): Promise<string | undefined> => {
    const out = await explained(endpoints, [query, '--time=300'], 200);
    return /^ {2}(?<reason>No .*)$/m.exec(out)?.groups?.['reason'];
  };
  assert.match(
    (await reason([a!], 'nope'))!,
    /^No series match: no endpoint has samples .* Check the name, /,
  );
  assert.match((await reason([lost!], 'm'))!, /^No series came\. Endpoints that failed may have some\.$/);
  assert.match(
    (await reason([a!, other!], 'm{shard="7"}'))!,
    /^No series: no endpoint has the external labels/,
  );
  assert.match((await reason([], 'm'))!, /^No series: the gateway has no endpoints\.$/);
  assert.equal(await reason([a!], 'm'), undefined);
});

test('times of the flags may be relative to now, and reach beyond the calendar', async () => {
  const out = await explained(ENDPOINTS, ['m', '--start=-1h', '--end=now', '--step=10m']);
  const { from, to } = /from (?<from>\S+ \S+) to (?<to>\S+ \S+) UTC, step 600 s/.exec(out)!.groups!;
  assert.equal(Date.parse(`${to}Z`) - Date.parse(`${from}Z`), 3_600_000);
  assert.match(await explained(ENDPOINTS, ['m', '--time=1e15']), /^at \d+ ms UTC$/m);
});
