import fc from 'fast-check';
import { print } from '../../../src/promql/print.ts';
import type { Question } from '../../support/differential/answers.ts';
import { DATA_LENGTH, DATA_START } from '../../support/differential/sample-series.ts';
import { randomQuery } from '../../support/differential/random-query.ts';
import { CURRENT, CURRENT_FLOATS } from '../../support/differential/vocabularies.ts';
import { sampled } from '../../support/property.ts';
import { randomAggregation } from '../../support/random-aggregation.ts';
import { randomExpr } from '../../support/random-expr.ts';

const MINUTE = 60_000;
const MOST_STEPS = 150;

/** What is asked of one query, in this order: a part of a range, all of it, and the same moved on; or one instant, twice, and a later one. */
export type Questions = readonly Question[];

const AGGREGATED = [
  'requests_total',
  'requests_total',
  'errors_total',
  'http_requests_total',
  'latency_seconds_bucket',
  'requests_total{path!="/"}',
  'requests_total{cluster=~"eu|us"}',
  'requests_total{cluster!="us"}',
  'up',
  'memory_bytes',
  '{__name__=~"requests_total|up"}',
];

/**
 * Half of the queries are of every kind, over floats and native histograms; a third are aggregations of which servers compute parts; and the
 * rest is what the parser is tried with. Of these, subqueries are left out: their ranges are years, and their steps are milliseconds.
 */
const query: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: randomQuery(CURRENT_FLOATS) },
  { weight: 4, arbitrary: randomQuery(CURRENT) },
  { weight: 7, arbitrary: randomAggregation(AGGREGATED).map(({ text }) => text) },
  { weight: 2, arbitrary: randomExpr.map(print).filter((text) => !/\[[^\]"]*:/.test(text)) },
);

const within = fc.noBias(fc.integer({ min: -40 * MINUTE, max: DATA_LENGTH + 45 * MINUTE }));
/** Round times show what happens at the edges of windows; others do not meet them. */
const phase = fc.constantFrom(0, 0, 3000, 4999);

const range = fc
  .record({
    step: fc.constantFrom(5000, 7500, 15_000, 15_000, 40_000, 60_000, 60_000, 150_000),
    phase,
    at: within,
    steps: fc.noBias(fc.integer({ min: 3, max: MOST_STEPS })),
    /** Which part of the steps is asked first: from and to, of a hundred. */
    part: fc.tuple(fc.nat({ max: 100 }), fc.nat({ max: 100 })),
    moved: fc.constantFrom(1, 1, 1, 2, 7),
  })
  .map(({ step, phase, at, steps, part, moved }) => {
    const start = Math.floor((DATA_START + at) / step) * step + phase;
    const cut = (percent: number): number => start + Math.round((steps * percent) / 100) * step;
    const [from, to] = part.toSorted((a, b) => a - b) as [number, number];
    return [
      { start: cut(from), end: cut(to), step },
      { start, end: start + steps * step, step },
      { start: start + moved * step, end: start + (steps + moved) * step, step },
    ];
  });

const instants = fc.tuple(within, phase).map(([at, phase]) => {
  const time = Math.floor((DATA_START + at) / MINUTE) * MINUTE + phase;
  return [time, time, time + 15_000].map((t) => ({ start: t, end: t, step: 0 }));
});

const questions: fc.Arbitrary<Questions> = fc
  .tuple(query, fc.oneof({ weight: 2, arbitrary: range }, instants))
  .map(([text, times]) => times.map((each) => ({ query: text, ...each })));

/** So many queries with their times; which, follows from the seed of the run. */
export function drawQuestions(count: number): readonly Questions[] {
  return sampled(questions, { seed: 314_000, numRuns: count });
}
