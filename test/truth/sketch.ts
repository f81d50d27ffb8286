import { appendRange, firstAtOrAfter } from '../../src/model/sample-columns.ts';
import type { SampleBuffer } from '../../src/model/sample-columns.ts';
import { INTERVAL_MS } from './workload.ts';
import type { WatchedSeries } from './workload.ts';

/** The simplest thing that could do: replica a, its holes filled from b at half an interval's distance. */
export function bySketch({ a, b }: WatchedSeries, target: SampleBuffer): void {
  const half = INTERVAL_MS / 2;
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 0; i <= a.length; i++) {
    const next = i < a.length ? a.t[i]! : Number.POSITIVE_INFINITY;
    if (next - last > 1.5 * INTERVAL_MS)
      appendRange(target, b, firstAtOrAfter(b, last + half), firstAtOrAfter(b, next - half + 1));
    appendRange(target, a, i, Math.min(i + 1, a.length));
    last = next;
  }
}
