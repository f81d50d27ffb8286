import { dedupe } from '../../src/dedup/dedupe.ts';
import type { DedupMode } from '../../src/model/dedup-mode.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import { compare } from './compare.ts';
import type { Measured } from './compare.ts';
import { FigureSum } from './evaluate-figure.ts';
import type { Grid } from './evaluate-figure.ts';
import { FIGURES } from './figures.ts';
import { DURATION_MS, INTERVAL_MS, START_MS, watchersOf, workload } from './workload.ts';
import type { WatchedSeries, WorkloadSize } from './workload.ts';

/** From ten minutes on, so that the longest range is full, to the end. */
export const GRID: Grid = {
  start: START_MS + 600_000,
  step: INTERVAL_MS,
  count: (DURATION_MS - 600_000) / INTERVAL_MS + 1,
};

/** Makes one series out of a watched one. */
export type Merge = (series: WatchedSeries, target: SampleBuffer) => void;

export const byDedupe: Merge = byMode('gap-aware');

/** Metrics that rate() and resets() read, which the classic iterator wants to know. */
const COUNTERS: ReadonlySet<string> = new Set(
  FIGURES.filter(({ func }) => func === 'rate' || func === 'resets').map(({ metric }) => metric),
);

/** Deduplicates as the server does in this mode. */
export function byMode(mode: DedupMode): Merge {
  return (series, target) =>
    dedupe(watchersOf(series), target, { mode, counter: COUNTERS.has(series.metric) });
}

/**
 * Evaluates every figure over the merged replicas and over the reference, and compares: a table for each way to merge. To make the
 * workload takes longer than all else, so all ways read the same one.
 */
export function measure(seed: number, size: WorkloadSize, merges: readonly Merge[]): readonly Measured[][] {
  const sums = FIGURES.map((figure) => ({
    figure,
    merged: merges.map(() => new FigureSum(figure, GRID)),
    reference: new FigureSum(figure, GRID),
  }));
  const target = new SampleBuffer();
  for (const series of workload(seed, size)) {
    const own = sums.filter(({ figure }) => figure.metric === series.metric);
    for (const { reference } of own) reference.add(series.labels, series.reference);
    for (const [i, merge] of merges.entries()) {
      target.clear();
      merge(series, target);
      for (const { merged } of own) merged[i]!.add(series.labels, target);
    }
  }
  return merges.map((_, i) =>
    sums.map(({ figure, merged, reference }) => compare(figure, merged[i]!.answer(), reference.answer())),
  );
}
