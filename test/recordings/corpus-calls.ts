import type { RecordedCase } from '../recorded/corpus.ts';
import { randomQuery } from '../support/differential/random-query.ts';
import { PROMETHEUS_2 } from '../support/differential/vocabularies.ts';
import { sampled } from '../support/property.ts';
import { RECORDED_RANGE } from './written-series.ts';

const QUERIES = 220;
/** s; three beside the round minute, so that neither windows nor subqueries begin at a step of a subquery. */
const FIRST = RECORDED_RANGE.start / 1000 + 3;
const NATIVE = ['latency_native', 'latency_native{job="api"}', 'latency_native{job!="db"}'];

/** A call to be recorded. */
export type CorpusCall = Pick<RecordedCase, 'path' | 'params'>;

/** Random expressions of floats. */
export function randomCalls(): readonly CorpusCall[] {
  const random = sampled(randomQuery(PROMETHEUS_2), { seed: 2_4201, numRuns: QUERIES });
  return random.map((query, i) => {
    if (i % 2 === 0) return instant(query, FIRST + ((i * 7) % 37) * 60);
    const start = FIRST + (i % 7) * 60;
    return { path: 'query_range', params: { query, start, end: start + 900, step: 300 } };
  });
}

/** Native histograms as the server prints them. */
export function histogramCalls(): readonly CorpusCall[] {
  return Array.from({ length: 32 }, (_, i) => instant(NATIVE[i % NATIVE.length]!, FIRST + i * 67));
}

function instant(query: string, time: number): CorpusCall {
  return { path: 'query', params: { query, time } };
}
