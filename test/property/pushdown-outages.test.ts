import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { SeriesSource } from '../../src/engine/series-source.ts';
import type { Timers } from '../../src/model/timers.ts';
import { gatewayOverAll, MINUTE, START, type Span, type World } from '../select/read-once/world.ts';
import { scopeOf } from '../select/support.ts';
import { answerOf } from '../support/evaluate-text.ts';
import { assertNearlySame } from '../support/nearly-same.ts';
import { sampled } from '../support/property.ts';
import { randomAggregation } from '../support/random-aggregation.ts';

const NOW = 900 * MINUTE;
const ALWAYS: Span = { from: 0, to: Infinity };
const span = (from: number, to: number): Span => ({ from: from * MINUTE, to: to * MINUTE });

/** Replicas that are away once, several times, one shortly after the other, and never. */
const SHARDS: readonly World[] = [
  shard('eu', [[span(300, 306)], []]),
  shard('us', [[span(420, 450)], [span(150, 170)]]),
  shard('asia', [[span(500, 504), span(700, 720)], [span(505, 509)]]),
  { ...shard('solo', [[]]), replicas: [{ phase: 0.3, away: [] }] },
  shard('whole', [[], []]),
];

function shard(cluster: string, away: readonly (readonly Span[])[]): World {
  return {
    cluster,
    metric: 'm_total',
    spanMs: NOW,
    samplesPerChunk: 3,
    replicas: away.map((spans, r) => ({ phase: 0.1 + r / 2, away: spans })),
    targets: ['t0', 't1', 't2'].map((instance, i) => ({
      instance: `${cluster}-${instance}`,
      intervalMs: [15_000, 15_000, 20_000][i]!,
      life: ALWAYS,
      failures: [],
      series: i === 1 ? [[ALWAYS], [ALWAYS]] : [[ALWAYS]],
    })),
  };
}

const query = randomAggregation(['m_total', 'm_total', 'm_total{i="0"}', 'm_total{cluster=~"eu|us|asia"}']);

const QUERIES = 80;
/** However busy the machine is, nobody is given up. */
const PATIENT: Timers = { after: () => () => undefined };

it('queries around outages have the same values where servers compute parts of the time beside them', async () => {
  const gateway = gatewayOverAll(SHARDS, NOW, PATIENT);
  await gateway.refresh();
  const source = gateway.pushing.source(scopeOf({ pushdown: true }));
  let parts = 0;
  for (const [i, { text, isExact }] of sampled(query, { seed: 5, numRuns: QUERIES }).entries()) {
    const start = START + (60 + (i % 13) * 20) * MINUTE + 3000;
    const end = start + (300 + (i % 7) * 40) * MINUTE + (i % 2) * 7000;
    const times = { start, end, step: i % 3 === 0 ? 40_000 : 2 * MINUTE };
    const expected = await answerOf(text, gateway.inFull.source(scopeOf()), times);
    for (let round = 0; round < 3; round++) {
      let some = 0;
      const counting: SeriesSource = {
        ...source,
        select: async (request, signal) => {
          const set = await source.select(request, signal);
          for (let series = 0; series < set.series.length; series++)
            if (set.stepsOf?.(series) !== undefined) some++;
          return set;
        },
      };
      assertNearlySame(await answerOf(text, counting, times), expected, text, isExact ? 0 : undefined);
      if (some > 0) parts++;
    }
  }
  assert.ok(parts > QUERIES / 2, `only ${parts} answers had shards that were computed in part`);
});
