import type { SettledTime } from '../fleet/fleet.ts';
import { levelsOf } from '../fleet/truth.ts';

/** A query of the load. Every series of its answer has the label `shard`. */
export interface LoadQuery {
  readonly path: string;
  /** As in a URL, without what each request adds. */
  readonly parameters: URLSearchParams;
  /** Steps of the answer. */
  readonly steps: number;
  /** Series of each shard. */
  readonly series: number;
  /** The value of each point of a shard; undefined where it differs between series. */
  readonly value: ((shard: string) => number) | undefined;
}

/** How far range functions look back. */
export const LOOK_BACK_MS = 4000;
const WINDOW = `${LOOK_BACK_MS / 1000}s`;
const SUM = 'sum by (shard)';

const EXPRESSIONS: readonly (Pick<LoadQuery, 'series' | 'value'> & { readonly query: string })[] = [
  { query: 'count by (shard) (up == 1)', series: 1, value: () => 2 },
  { query: `${SUM} (level)`, series: 1, value: (shard) => sum(levelsOf(shard)) },
  // Samples lie on a line, so this is exact wherever they were scraped.
  { query: `${SUM} (deriv(work_total[${WINDOW}]))`, series: 1, value: (shard) => sum(levelsOf(shard)) },
  { query: `${SUM} (resets(work_total[${WINDOW}]))`, series: 1, value: () => 0 },
  { query: 'max by (shard) (level) / min by (shard) (level)', series: 1, value: spread },
  { query: 'level{part="3"}', series: 2, value: undefined },
];

/** Instant and range queries in turns, all of settled time. */
export function loadQueries({ from, to }: SettledTime): readonly LoadQuery[] {
  const [start, end, step] = [String(from), String(to), '1'];
  return EXPRESSIONS.flatMap(({ query, ...rest }): readonly LoadQuery[] => [
    { path: '/api/v1/query', parameters: new URLSearchParams({ query, time: end }), steps: 1, ...rest },
    {
      path: '/api/v1/query_range',
      parameters: new URLSearchParams({ query, start, end, step }),
      steps: to - from + 1,
      ...rest,
    },
  ]);
}

function spread(shard: string): number {
  const levels = levelsOf(shard);
  return Math.max(...levels) / Math.min(...levels);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
