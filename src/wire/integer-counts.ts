import type { FloatHistogram } from '../model/histogram/float-histogram.ts';

/** Counts up to here leave room for the changes of changes of differences that are written, which are exact too. */
const MAX_COUNT = 2 ** 50;

/** Whether every count is one that our integer histograms on the wire hold without loss. */
export function hasIntegerCounts({ count, zeroCount, positive, negative }: FloatHistogram): boolean {
  return (
    isCount(count) && isCount(zeroCount) && positive.count.every(isCount) && negative.count.every(isCount)
  );
}

/** -0 is a float of its own. */
function isCount(count: number): boolean {
  return Number.isInteger(count) && count >= 0 && count <= MAX_COUNT && !Object.is(count, -0);
}
