import { dedupe } from '../../src/dedup/dedupe.ts';
import { SampleBuffer } from '../../src/model/sample-columns.ts';
import type { SampleColumns } from '../../src/model/sample-columns.ts';
import { FigureSum } from './evaluate-figure.ts';
import type { Grid } from './evaluate-figure.ts';
import { FIGURES } from './figures.ts';
import type { Bounds, Figure } from './figures.ts';
import { DURATION_MS, INTERVAL_MS, START_MS, workload } from './workload.ts';
import type { WatchedSeries, WorkloadSize } from './workload.ts';

/** From ten minutes on, so that the longest range is full, to the end. */
export const GRID: Grid = {
  start: START_MS + 600_000,
  step: INTERVAL_MS,
  count: (DURATION_MS - 600_000) / INTERVAL_MS + 1,
};

/** One line of the table: a figure, what was measured, and whether that is within the bounds. */
export interface Measured {
  readonly figure: Figure;
  readonly points: number;
  readonly found: Bounds;
  readonly met: boolean;
}

/** Makes one series out of a watched one. */
export type Merge = (series: WatchedSeries, target: SampleBuffer) => void;

export function byDedupe({ a, b }: WatchedSeries, target: SampleBuffer): void {
  dedupe(
    [
      { name: 'a', columns: a },
      { name: 'b', columns: b },
    ],
    target,
  );
}

/** Evaluates every figure over the merged replicas and over the reference, and compares. */
export function measure(seed: number, size: WorkloadSize, merge: Merge): Measured[] {
  const sums = FIGURES.map((figure) => ({
    figure,
    merged: new FigureSum(figure, GRID),
    reference: new FigureSum(figure, GRID),
  }));
  const target = new SampleBuffer();
  for (const series of workload(seed, size)) {
    target.clear();
    merge(series, target);
    for (const { figure, merged, reference } of sums) {
      if (figure.metric !== series.metric) continue;
      const group = figure.byJob ? series.job : '';
      merged.add(group, target satisfies SampleColumns);
      reference.add(group, series.reference);
    }
  }
  return sums.map(({ figure, merged, reference }) => compare(figure, merged, reference));
}

function compare(figure: Figure, merged: FigureSum, reference: FigureSum): Measured {
  let points = 0;
  let sum = 0;
  let pointsOff = 0;
  let worst = 0;
  for (const [group, expected] of reference.groups) {
    const found = merged.groups.get(group)!;
    for (let step = 0; step < expected.length; step++) {
      const difference = Math.abs(found[step]! - expected[step]!);
      const error = difference === 0 ? 0 : difference / Math.abs(expected[step]!);
      points++;
      sum += error;
      if (error > 0.01) pointsOff++;
      if (error > worst) worst = error;
    }
  }
  const found = { meanPercent: (100 * sum) / points, pointsOff, worstPercent: 100 * worst };
  const met =
    found.meanPercent <= figure.bounds.meanPercent &&
    found.pointsOff <= figure.bounds.pointsOff &&
    found.worstPercent <= figure.bounds.worstPercent;
  return { figure, points, found, met };
}
