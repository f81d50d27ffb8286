import { bucketMapping, intersectBounds, sameBounds } from './custom-bounds.ts';
import { type Buckets, type FloatHistogram, ResetHint, usesCustomBuckets } from './float-histogram.ts';
import { reduceBuckets } from './reduce-resolution.ts';
import { firstAbove, settledThreshold, zeroCountUpTo } from './zero-bucket.ts';

/**
 * Whether a counter reset lies between two histograms of one series: a count fell, a populated bucket went away, or
 * the layout became finer, which only a restart does. `current` may settle it by its hint; gauges are judged as if
 * they were counters (Prometheus: FloatHistogram.DetectReset).
 */
export function detectReset(current: FloatHistogram, previous: FloatHistogram): boolean {
  if (current.resetHint === ResetHint.reset) return true;
  if (current.resetHint === ResetHint.notReset) return false;
  if (current.count < previous.count) return true;
  if (usesCustomBuckets(current)) return customReset(current, previous);
  if (current.schema > previous.schema || current.zeroThreshold < previous.zeroThreshold) return true;
  if (settledThreshold(previous, current.zeroThreshold) !== current.zeroThreshold) return true;
  if (current.zeroCount < zeroCountUpTo(previous, current.zeroThreshold)) return true;
  return sideReset(current, previous, 'positive') || sideReset(current, previous, 'negative');
}

function sideReset(
  current: FloatHistogram,
  previous: FloatHistogram,
  side: 'positive' | 'negative',
): boolean {
  const { schema, zeroThreshold } = current;
  const before = reduceBuckets(previous[side], previous.schema, schema);
  const from = firstAbove(before.index, schema, zeroThreshold);
  return anyFell(current[side], before, from);
}

/**
 * Whether a bucket of `before`, from position `from` on, has more than the same bucket of `now`, or is not there any more.
 * Buckets of a negated histogram have less than nothing, which is something.
 */
function anyFell(now: Buckets, before: Buckets, from: number): boolean {
  let i = 0;
  for (let j = from; j < before.index.length; j++) {
    const index = before.index[j]!;
    while (i < now.index.length && now.index[i]! < index) i++;
    const isThere = i < now.index.length && now.index[i] === index;
    if (isThere ? now.count[i]! < before.count[j]! : before.count[j] !== 0) return true;
  }
  return false;
}

function customReset(current: FloatHistogram, previous: FloatHistogram): boolean {
  if (!usesCustomBuckets(previous)) return true;
  if (sameBounds(current.customValues, previous.customValues)) {
    return anyFell(current.positive, previous.positive, 0);
  }
  const bounds = intersectBounds(current.customValues, previous.customValues);
  const now = mapped(current, bounds);
  const before = mapped(previous, bounds);
  return now.some((count, i) => count < before[i]!);
}

function mapped({ customValues, positive }: FloatHistogram, bounds: Float64Array): Float64Array {
  const mapping = bucketMapping(customValues, bounds);
  const counts = new Float64Array(bounds.length + 1);
  for (let i = 0; i < positive.index.length; i++) {
    counts[mapping[positive.index[i]!]!]! += positive.count[i]!;
  }
  return counts;
}
