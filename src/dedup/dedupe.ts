import type { DedupMode } from '../model/dedup-mode.ts';
import { appendRange } from '../model/sample-columns.ts';
import type { SampleBuffer } from '../model/sample-columns.ts';
import { chain } from './chain.ts';
import { penaltyMode } from './penalty-mode.ts';
import { byName, sourcesOf, splitByHealth } from './replica.ts';
import type { Replica } from './replica.ts';
import { SegmentList } from './segments.ts';
import { selectWindows } from './select-windows.ts';
import { emitWithMarkers } from './staleness.ts';
import type { DedupTrace } from './trace.ts';

/** Reused from call to call: a call keeps nothing in it. */
const plan = new SegmentList();

export interface DedupOptions {
  readonly mode?: DedupMode;
  /** For mode `penalty` alone: the reader is rate, irate, increase or resets, so falls at a change are evened out. */
  readonly counter?: boolean;
  /**
   * The series is `up`: 0 says that the replica missed the scrape, and stands only where no replica reached the
   * target. For mode `gap-aware`.
   */
  readonly scrapeHealth?: boolean;
  /** ms: whatever the replicas sampled until then is there, also where the series ends before. For mode `gap-aware`. */
  readonly completeUntil?: number;
}

/**
 * Makes one series of the samples that several replicas took of it and appends it to `target`, timestamps ascending.
 * Pure: the same replicas give the same samples, in whatever order they are listed. One replica with samples passes
 * through bit for bit. Floats, native histograms and stale markers; every sample of the answer is a sample of a replica
 * (mode `penalty` with `counter` excepted). Time O(samples × replicas), nothing allocated per sample.
 */
export function dedupe(
  replicas: readonly Replica[],
  target: SampleBuffer,
  options: DedupOptions = {},
  trace?: DedupTrace,
): void {
  const present = byName(replicas);
  if (present.length === 0) return;
  if (present.length === 1) {
    const { columns } = present[0]!;
    appendRange(target, columns, 0, columns.length);
    return;
  }
  switch (options.mode ?? 'gap-aware') {
    case 'gap-aware': {
      const whole = sourcesOf(present);
      const sources = options.scrapeHealth === true ? splitByHealth(whole) : whole;
      selectWindows(plan, sources, trace);
      emitWithMarkers(target, plan, sources, whole, options.completeUntil);
      return;
    }
    case 'chain':
      chain(
        present.map(({ columns }) => columns),
        target,
      );
      return;
    case 'penalty':
      penaltyMode(
        present.map(({ columns }) => columns),
        options.counter ?? false,
        target,
      );
  }
}
