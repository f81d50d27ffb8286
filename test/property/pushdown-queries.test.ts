import assert from 'node:assert/strict';
import { it } from 'node:test';
import * as fc from 'fast-check';
import type { QueryAnswer } from '../../src/engine/answer.ts';
import type { Selection } from '../../src/select/selection.ts';
import { answerOf } from '../support/evaluate-text.ts';
import { assertNearlySame } from '../support/nearly-same.ts';
import { sampled } from '../support/property.ts';
import { scopeOf } from '../select/support.ts';
import { gatewayOverAll, MINUTE, START, type Span, type World } from '../select/read-once/world.ts';

const NOW = 200 * MINUTE;
const ALWAYS: Span = { from: 0, to: Infinity };
/** Whose results are the same to the last bit however the series are grouped. */
const EXACT = ['min', 'max', 'count', 'group'];

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

const of = (...texts: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...texts);
const metric = of(
  'm_total',
  'm_total',
  'm_total{i="0"}',
  'm_total{cluster=~"eu|us"}',
  'm_total{cluster!="solo"}',
  'up',
  '{__name__=~"m_total|up"}',
);
const offset = of('', '', ' offset 3m', ' offset 17m');
const leaf = fc.oneof(
  fc.tuple(metric, offset).map((parts) => parts.join('')),
  fc
    .tuple(
      of(
        'increase',
        'delta',
        'irate',
        'idelta',
        'changes',
        'resets',
        'avg_over_time',
        'sum_over_time',
        'rate',
      ),
      metric,
      of('90s', '5m', '11m'),
      offset,
    )
    .map(([func, name, range, shift]) => `${func}(${name}[${range}]${shift})`),
  fc.tuple(of('0', '0.3', '1'), metric).map(([q, name]) => `quantile_over_time(${q}, ${name}[5m])`),
);
const below = fc.oneof(
  { weight: 3, arbitrary: leaf },
  fc
    .tuple(leaf, of('* 2', '/ 7', '> 9000', '== bool 1', '% 3', '- -1', '> Inf'))
    .map((parts) => parts.join(' ')),
  leaf.map((text) => `1 - ${text}`),
  leaf.map((text) => `-abs(${text})`),
  leaf.map((text) => `clamp(${text}, 10, 10000)`),
  // Of labels of the series, and of one that servers do not know.
  fc
    .tuple(leaf, of('instance', 'i', 'job', 'cluster'), of('(.*)-(.*)', '0', '.*'))
    .map(([text, source, pattern]) => `label_replace(${text}, "part", "x$1", "${source}", "${pattern}")`),
  leaf.map((text) => `label_join(${text} > 100, "i", "/", "job", "i")`),
);
const grouping = of(
  '',
  'by (cluster)',
  'by (instance)',
  'by (job, i)',
  'by (part)',
  'by (cluster, __replica__)',
  'by (__name__)',
  'without (instance)',
  'without (cluster)',
  'without (i, missing)',
  'without ()',
);
const pushed = fc
  .tuple(of(...EXACT, 'sum', 'avg', 'sum', 'avg'), grouping, below)
  .map(([op, by, text]) => ({ text: `${op} ${by} (${text})`, isExact: EXACT.includes(op) }));
const query = fc.oneof(
  { weight: 4, arbitrary: pushed },
  pushed.map(({ text }) => ({ text: `sort(${text} * 2)`, isExact: false })),
  pushed.map(({ text }) => ({ text: `${text} or max(m_total)`, isExact: false })),
  pushed.map(({ text }) => ({ text: `max(${text})`, isExact: false })),
  fc
    .tuple(pushed, pushed)
    .map(([a, b]) => ({ text: `${a.text} / on () group_left () max(${b.text})`, isExact: false })),
  leaf.map((text) => ({ text: `sum(${text}) / count(${text})`, isExact: false })),
);

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
