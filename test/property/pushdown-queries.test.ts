import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { QueryAnswer } from '../../src/engine/answer.ts';
import type { Selection } from '../../src/select/selection.ts';
import { answerOf } from '../support/evaluate-text.ts';
import { assertNearlySame } from '../support/nearly-same.ts';
import { sampled } from '../support/property.ts';
import { randomAggregation } from '../support/random-aggregation.ts';
import { scopeOf } from '../select/support.ts';
import { gatewayOverAll, MINUTE, START, type Span, type World } from '../select/read-once/world.ts';

const NOW = 200 * MINUTE;
const ALWAYS: Span = { from: 0, to: Infinity };
/** One shard has all, one has one replica alone, of one the preferred replica was away, and of one single targets had holes. */
const SHARDS: readonly World[] = [
  shard('eu', {}),
  { ...shard('solo', {}), replicas: [{ phase: 0.3, away: [] }] },
  shard('us', { away: [{ from: 150 * MINUTE, to: 156 * MINUTE }] }),
  shard('asia', { failures: [{ from: 160 * MINUTE, to: 163 * MINUTE }] }),
];

function shard(
  cluster: string,
  { away = [], failures = [] }: Readonly<Record<string, readonly Span[]>>,
): World {
  return {
    cluster,
    // A rate of what is no counter by its name has a remark, and is not merged then.
    metric: 'm_total',
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
      series: i === 1 ? [[ALWAYS], [ALWAYS]] : [],
    })),
  };
}

const query = randomAggregation([
  'm_total',
  'm_total',
  'm_total{i="0"}',
  'm_total{cluster=~"eu|us"}',
  'm_total{cluster!="solo"}',
  'up',
  '{__name__=~"m_total|up"}',
]);

const QUERIES = 150;

it('random aggregations have the same values where servers compute parts of them', async () => {
  const gateway = gatewayOverAll(SHARDS, NOW);
  await gateway.refresh();
  let withValues = 0;
  for (const [i, { text, isExact }] of sampled(query, { seed: 9, numRuns: QUERIES }).entries()) {
    // Of the past, up to now, and at one instant.
    const start = START + (140 + (i % 13)) * MINUTE + 3000;
    const end = i % 3 === 0 ? START + NOW : start + 25 * MINUTE;
    const times = i % 5 === 0 ? { start: end } : { start, end, step: i % 2 === 0 ? MINUTE : 40_000 };
    const ask = async (selection: Selection): Promise<QueryAnswer> =>
      answerOf(text, selection.source(scopeOf({ pushdown: true })), times);
    // What is read first is read of all replicas, of which another than the speaker may be newer at the live edge.
    await ask(gateway.once);
    const expected = await ask(gateway.once);
    if (end === START + NOW) await ask(gateway.pushing);
    if (JSON.stringify(expected.value).includes('"t"')) withValues++;
    for (let round = 0; round < 2; round++)
      assertNearlySame(await ask(gateway.pushing), expected, text, isExact ? 0 : undefined);
  }
  const count = (outcome: string): number => gateway.pushes.filter((each) => each === outcome).length;
  assert.ok(count('pushed') > QUERIES, `only ${count('pushed')} of ${gateway.pushes.length} were pushed`);
  assert.ok(withValues > QUERIES / 3, `only ${withValues} answers had values`);
});
