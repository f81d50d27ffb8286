import { formatShortest } from '../format-float.ts';
import { allBuckets, type BoundaryRule } from './buckets.ts';
import type { FloatHistogram } from './float-histogram.ts';

/** The brackets around the bounds, by {@link BoundaryRule}. */
const BRACKETS = ['(]', '[)', '()', '[]'] as const;

/** Text as Prometheus prints a histogram, for example `{count:3, sum:4.5, [-1,1]:2, (1,2]:1}`; empty buckets left out. */
export function formatHistogram(h: FloatHistogram): string {
  const { length, lower, upper, count, rule } = allBuckets(h, 'nominal');
  const parts = [`count:${formatShortest(h.count)}`, `sum:${formatShortest(h.sum)}`];
  for (let i = 0; i < length; i++) {
    if (count[i] === 0) continue;
    const [open, close] = BRACKETS[rule[i] as BoundaryRule];
    const bounds = `${formatShortest(lower[i]!)},${formatShortest(upper[i]!)}`;
    parts.push(`${open}${bounds}${close}:${formatShortest(count[i]!)}`);
  }
  return `{${parts.join(', ')}}`;
}
