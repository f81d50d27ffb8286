import type { AggrChunk } from '../../model/aggr-chunk.ts';
import type { EncodedChunk } from '../../model/chunk.ts';
import type { SeriesGroup } from '../reading/replica-data.ts';
import type { TimeRange } from '../../model/time-range.ts';

/**
 * The downsampled chunks of all replicas that touch the range (ms, inclusive), by time, each once. Replicas are not
 * merged, so theirs overlap: a proxy of Thanos passes them on like that (pkg/store/proxy_merge.go), and the querier that
 * evaluates tells them apart again, since only it knows which function reads them.
 */
export function downsampledChunks(
  { replicas }: SeriesGroup,
  { minTime, maxTime }: TimeRange,
): readonly AggrChunk[] {
  const found = replicas.flatMap(({ downsampled = [] }) => downsampled.flatMap(({ chunks }) => chunks));
  const sorted = found.filter((chunk) => chunk.maxTime >= minTime && chunk.minTime <= maxTime).sort(byTime);
  const distinct: AggrChunk[] = [];
  for (const chunk of sorted) if (!isAmong(distinct, chunk)) distinct.push(chunk);
  return distinct;
}

/** By their start, then by their end, as Thanos orders them. */
export function byTime(a: AggrChunk, b: AggrChunk): number {
  return a.minTime - b.minTime || a.maxTime - b.maxTime;
}

/** Whether the last chunks of `sorted`, those of the same span, hold an equal one: two stores may have the same block. */
function isAmong(sorted: readonly AggrChunk[], chunk: AggrChunk): boolean {
  for (let i = sorted.length - 1; i >= 0 && byTime(sorted[i]!, chunk) === 0; i--)
    if (isEqual(sorted[i]!, chunk)) return true;
  return false;
}

function isEqual({ aggregates: a }: AggrChunk, { aggregates: b }: AggrChunk): boolean {
  return (['count', 'sum', 'min', 'max', 'counter'] as const).every((name) =>
    holdsTheSame(a?.[name], b?.[name]),
  );
}

function holdsTheSame(a: EncodedChunk | undefined, b: EncodedChunk | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.encoding === b.encoding && Buffer.compare(a.data, b.data) === 0;
}
