import type { Buckets, FloatHistogram } from './float-histogram.ts';

/** Leaves out the buckets without observations; counts stay as they are. */
export function compactHistogram(h: FloatHistogram): FloatHistogram {
  const positive = compactBuckets(h.positive);
  const negative = compactBuckets(h.negative);
  return positive === h.positive && negative === h.negative ? h : { ...h, positive, negative };
}

export function compactBuckets(buckets: Buckets): Buckets {
  const { index, count } = buckets;
  let populated = 0;
  for (let i = 0; i < count.length; i++) if (count[i] !== 0) populated++;
  if (populated === count.length) return buckets;
  const kept = { index: new Int32Array(populated), count: new Float64Array(populated) };
  let at = 0;
  for (let i = 0; i < count.length; i++) {
    if (count[i] === 0) continue;
    kept.index[at] = index[i]!;
    kept.count[at++] = count[i]!;
  }
  return kept;
}
