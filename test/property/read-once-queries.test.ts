import assert from 'node:assert/strict';
import { it } from 'node:test';
import { engineText, type Question } from '../support/differential/answers.ts';
import { randomQuery } from '../support/differential/random-query.ts';
import { PROMETHEUS_2 } from '../support/differential/vocabularies.ts';
import { sampled } from '../support/property.ts';
import { scopeOf } from '../select/support.ts';
import { gatewayOverAll, MINUTE, START, type Span, type World } from '../select/read-once/world.ts';

const NOW = 200 * MINUTE;
const ALWAYS: Span = { from: 0, to: Infinity };
const METRICS = ['m', 'm', 'm', 'up', '{__name__=~"m|up"}', '{__name__="m",job=~"a.+"}'];

/** One shard has all, of one the preferred replica was away, and of one single targets and series had holes. */
const SHARDS: readonly World[] = [
  shard('eu', {}),
  shard('us', { away: [{ from: 150 * MINUTE, to: 156 * MINUTE }] }),
  shard('asia', {
    failures: [{ from: 160 * MINUTE, to: 163 * MINUTE }],
    series: [{ from: 0, to: 165 * MINUTE }],
  }),
];

function shard(
  cluster: string,
  { away = [], failures = [], series = [ALWAYS] }: Readonly<Record<string, readonly Span[]>>,
): World {
  return {
    cluster,
    spanMs: NOW,
    replicas: [
      { phase: 0.1, away },
      { phase: 0.6, away: [] },
    ],
    targets: ['t0', 't1', 't2'].map((instance, i) => ({
      instance: `${cluster}-${instance}`,
      intervalMs: [15_000, 30_000, 60_000][i]!,
      life: ALWAYS,
      failures: [i === 0 ? failures : [], []],
      series: i === 1 ? [series] : [],
    })),
  };
}

const QUERIES = 250;

it('random queries have the same answers, down to the last bit, as where all replicas are read', async () => {
  const gateway = gatewayOverAll(SHARDS, NOW);
  await gateway.refresh();
  const queries = sampled(randomQuery({ ...PROMETHEUS_2, metrics: METRICS }), { seed: 52, numRuns: QUERIES });
  const features = new Set(['promql-experimental-functions']);
  let withValues = 0;
  for (const [i, query] of queries.entries()) {
    const start = START + (140 + (i % 13)) * MINUTE + 3000;
    const question: Question = {
      query,
      start,
      end: start + 25 * MINUTE,
      step: i % 2 === 0 ? MINUTE : 40_000,
    };
    const ask = async (selection: typeof gateway.once): Promise<string> =>
      engineText(question, selection.source(scopeOf()), features);
    for (const calls of gateway.asked) calls.length = 0;
    const expected = await ask(gateway.inFull);
    // Up to now a sibling may have scraped since, which another test looks at. A query that looks ahead gets there.
    if (gateway.asked.flat().some(({ maxTime }) => maxTime > START + NOW - MINUTE)) continue;
    if (expected.includes('"values":')) withValues++;
    for (let round = 0; round < 3; round++) assert.equal(await ask(gateway.once), expected, query);
  }
  const once = gateway.reasons.filter((reason) => reason.startsWith('once')).length;
  assert.ok(once > gateway.reasons.length / 4, `${once} of ${gateway.reasons.length} shards were read once`);
  assert.ok(withValues > QUERIES / 3, `only ${withValues} answers had values`);
});
