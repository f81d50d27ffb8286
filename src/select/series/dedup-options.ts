import type { DedupOptions } from '../../dedup/dedupe.ts';
import type { DedupMode } from '../../model/dedup-mode.ts';
import type { SeriesGroup } from '../reading/replica-data.ts';
import { COUNTER_FUNCTIONS } from '../../promql/functions.ts';

/** What all series of one select have in common for deduplication. */
export interface DedupContext {
  readonly dedupMode: DedupMode;
  /** Innermost function around the selector. */
  readonly func: string;
}

/** What deduplication should know about a series. */
export function dedupOptionsFor(
  { dedupMode, func }: DedupContext,
  { metricName, range: { completeUntil } }: Pick<SeriesGroup, 'metricName' | 'range'>,
): DedupOptions {
  return {
    mode: dedupMode,
    counter: COUNTER_FUNCTIONS.has(func),
    scrapeHealth: metricName === 'up',
    completeUntil,
  };
}
