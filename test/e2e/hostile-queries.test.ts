import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fixedTopology } from '../../src/cluster/fixed-endpoint.ts';
import type { Endpoint } from '../../src/cluster/topology.ts';
import { createPromqlServer } from '../../src/app/promql-server.ts';
import { SYSTEM_CLOCK } from '../../src/model/clock.ts';
import { SYSTEM_TIMERS } from '../../src/model/timers.ts';
import { createSelection } from '../../src/select/create-selection.ts';
import { columnsSeries, memoryEndpoint } from '../select/support.ts';
import type { ApiAnswer } from '../support/api-client.ts';
import { watchTurns, type Busy } from '../support/busy-turns.ts';
import { memoryOptions } from '../support/memory-server.ts';

const DAY = 86_400;
/** Seconds since the epoch of the newest samples. */
const NOW = 40 * DAY;
const SERIES = 50_000;

/** Of the processor; above what is measured (2 s and 200 ms are the aim), since a loaded machine's caches are cold. */
const MOST_TOTAL_MS = 4000;
const MOST_TURN_MS = 400;

interface Case {
  readonly what: string;
  readonly query: string;
  /** Part of the error where the query is refused. */
  readonly refused?: RegExp;
  /** ms of the processor; {@link MOST_TURN_MS} where nothing is said. */
  readonly mostTurn?: number;
}

/** Of rows with millions of steps. They are computed in parts, so this is far below what the whole row takes. */
const MOST_LONG_ROW_TURN_MS = 150;

const TOO_MANY_SELECTORS = /5000 different selectors, more than the limit of 500/;
const TOO_MANY_TOKENS = /more than 36000 tokens/;
const PATTERN_TOO_LARGE = /expression too large: it has 1000000 characters; 16384 are allowed/;

const CASES: readonly Case[] = [
  { what: 'a query of 4 kB', query: sumOf('1', 2000) },
  { what: 'a sum of 5,000 selectors', query: sumOf('x{i="0"}', 5000) },
  { what: 'the longest sum of numbers', query: sumOf('1', 18_000) },
  { what: 'the longest sum of equal selectors', query: sumOf('x', 18_000) },
  { what: '500 different selectors', query: differing(500) },
  { what: '5,000 different selectors', query: differing(5000), refused: TOO_MANY_SELECTORS },
  { what: 'the most nested calls', query: nested('abs(', 'x', ')', 11_999) },
  { what: '1 MB of 1+1+1…', query: sumOf('1', 500_000), refused: TOO_MANY_TOKENS },
  { what: '1 MB of parentheses', query: nested('(', 'x', ')', 500_000), refused: TOO_MANY_TOKENS },
  { what: '10,000 parentheses', query: nested('(', 'x', ')', 10_000) },
  { what: '10,000 calls', query: nested('abs(', 'x', ')', 10_000) },
  { what: '10,000 aggregations', query: nested('sum(', 'x', ')', 10_000) },
  { what: '10,000 signs', query: `${'-'.repeat(10_000)}x` },
  { what: 'a regex of 1 MB', query: `x{i=~"${'(a.b+|c)'.repeat(125_000)}"}`, refused: PATTERN_TOO_LARGE },
  { what: '60 regexes of 6 kB', query: `x{${regexes(60)}}`, refused: /too large together/ },
  { what: 'a regex of 150,000 texts', query: `x{i=~"${listOf(150_000)}"}` },
  { what: 'a regex of 50,000 texts', query: `x{i=~"${listOf(50_000)}"}` },
  { what: '.* over 50,000 series', query: 'count(many{i=~".*"})' },
  { what: '.*4.*2.* over 50,000 series', query: 'count(many{i=~".*4.*2.*"})' },
  { what: '30 days by the second of one series', query: 'max_over_time(x{i="0"}[30d:1s])' },
  { what: '30 days by the second of three series', query: 'max_over_time(x[30d:1s])' },
  { what: '30 days by the second of three rates', query: 'max_over_time(rate(x[5m])[30d:1s])' },
  { what: '30 days by the second of a sum', query: 'avg_over_time(sum(x)[30d:1s])' },
  ...[
    'count_over_time(bottomk(2, x)[30d:1s])',
    'count_over_time(quantile(0.5, x)[30d:1s])',
    'count_over_time(day_of_year()[30d:1s])',
    'count_over_time((x atan2 x)[30d:1s])',
    'count_over_time(absent_over_time(x[5m])[30d:1s])',
    'count_over_time(quantile_over_time(0.5, x[10m])[30d:1s])',
    'count_over_time(ln(-abs(x * 2))[30d:1s])',
    'max_over_time(vector(time() % 1009)[30d:1s])',
  ].map((query) => ({ what: query, query, mostTurn: MOST_LONG_ROW_TURN_MS })),
];

describe('hostile queries are answered or refused soon, and let others in meanwhile', () => {
  const overFew = serverOver(few());
  const overMany = serverOver(many());
  for (const { what, query, refused, mostTurn = MOST_TURN_MS } of CASES)
    test(what, async (t) => {
      const payload = new URLSearchParams({ query, time: String(NOW) }).toString();
      let answer: Omit<ApiAnswer, 'httpStatus'> | undefined;
      const ask = async (): Promise<void> => {
        const server = query.includes('many') ? overMany : overFew;
        const response = await server.inject({
          method: 'POST',
          url: '/api/v1/query',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
          payload,
        });
        answer = response.json();
      };
      const { total, longestTurn } = await bestOfThree(ask, mostTurn);

      const outcome = answer?.error === undefined ? 'answered' : `refused, ${answer.error.slice(0, 120)}`;
      t.diagnostic(`${total.toFixed(0)} ms, longest turn ${longestTurn.toFixed(0)} ms: ${outcome}`);
      if (refused === undefined) assert.equal(answer?.error, undefined);
      else assert.match(answer?.error ?? 'answered', refused);
      assert.ok(total < MOST_TOTAL_MS, `took ${total} ms`);
      assert.ok(longestTurn < mostTurn, `kept others waiting for ${longestTurn} ms`);
    });
});

/** The garbage collector may come in between, so what took too long gets another try. */
async function bestOfThree(ask: () => Promise<void>, mostTurn: number): Promise<Busy> {
  let best = await watchTurns(ask);
  for (let tries = 1; tries < 3 && !isWithinBounds(best, mostTurn); tries++) {
    const again = await watchTurns(ask);
    if (again.longestTurn < best.longestTurn) best = again;
  }
  return best;
}

function isWithinBounds({ total, longestTurn }: Busy, mostTurn: number): boolean {
  return total < MOST_TOTAL_MS && longestTurn < mostTurn;
}

function serverOver(series: ReturnType<typeof few>): ReturnType<typeof createPromqlServer> {
  const options = memoryOptions([]);
  const endpoints: readonly Endpoint[] = [memoryEndpoint('a:1', { __replica__: 'a' }, series)];
  return createPromqlServer({
    ...options,
    selection: createSelection({
      topology: () => fixedTopology(endpoints),
      timers: SYSTEM_TIMERS,
      clock: SYSTEM_CLOCK,
    }),
    limits: { ...options.limits, maxSamples: 50_000_000 },
    clock: SYSTEM_CLOCK,
  });
}

/** Three series, scraped once a minute for 31 days. */
function few(): ReturnType<typeof columnsSeries>[] {
  const minutes = 31 * 24 * 60;
  return [0, 1, 2].map((i) =>
    columnsSeries(
      { __name__: 'x', i: String(i) },
      Array.from({ length: minutes }, (_, at) => [1000 * (NOW - 60 * (minutes - at)), at] as const),
    ),
  );
}

function many(): ReturnType<typeof columnsSeries>[] {
  return Array.from({ length: SERIES }, (_, i) =>
    columnsSeries({ __name__: 'many', i: String(i) }, [[1000 * (NOW - 10), i]]),
  );
}

function sumOf(term: string, terms: number): string {
  return Array.from({ length: terms }, () => term).join('+');
}

function differing(selectors: number): string {
  return Array.from({ length: selectors }, (_, i) => `x${i}`).join(' or ');
}

function nested(open: string, inside: string, close: string, levels: number): string {
  return open.repeat(levels) + inside + close.repeat(levels);
}

function regexes(count: number): string {
  return Array.from({ length: count }, (_, i) => `i=~"${'(a.b+|c)'.repeat(800)}${i}"`).join(',');
}

function listOf(texts: number): string {
  return Array.from({ length: texts }, (_, i) => String(100_000 + i)).join('|');
}
