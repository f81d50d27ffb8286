import type { FloatHistogram } from '../model/histogram/float-histogram.ts';

/** Whether every count is one that an integer histogram can hold without loss. */
export function hasIntegerCounts({ count, zeroCount, positive, negative }: FloatHistogram): boolean {
  return (
    isCount(count) && isCount(zeroCount) && positive.count.every(isCount) && negative.count.every(isCount)
  );
}

/** -0 is a float of its own. */
function isCount(count: number): boolean {
  return Number.isSafeInteger(count) && count >= 0 && !Object.is(count, -0);
}
