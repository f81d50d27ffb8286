import type { Answer } from './evaluate-figure.ts';
import type { Bounds, Figure } from './figures.ts';

/** One line of the table: a figure, what was measured, and whether that is within the bounds. */
export interface Measured {
  readonly figure: Figure;
  readonly points: number;
  readonly found: Bounds;
  readonly met: boolean;
  /** The points that are furthest off, the worst first; none that are exact. */
  readonly worst: readonly Point[];
}

/** A point of an answer beside the truth. */
export interface Point {
  /** Value of the label the query sums by, or ''. */
  readonly group: string;
  readonly step: number;
  readonly value: number;
  readonly truth: number;
  /** Relative. */
  readonly error: number;
}

const WORST_POINTS = 3;

/** Compares the answer over deduplicated replicas with the reference's, point by point. */
export function compare(figure: Figure, merged: Answer, reference: Answer): Measured {
  let points = 0;
  let sum = 0;
  let pointsOff = 0;
  const worst: Point[] = [];
  for (const [group, expected] of reference) {
    const found = merged.get(group)!;
    for (let step = 0; step < expected.length; step++) {
      const difference = Math.abs(found[step]! - expected[step]!);
      const error = difference === 0 ? 0 : difference / Math.abs(expected[step]!);
      points++;
      sum += error;
      if (error > 0.01) pointsOff++;
      if (error > (worst[WORST_POINTS - 1]?.error ?? 0))
        insert({ group, step, value: found[step]!, truth: expected[step]!, error }, worst);
    }
  }
  const found = { meanPercent: (100 * sum) / points, pointsOff, worstPercent: 100 * (worst[0]?.error ?? 0) };
  const { bounds } = figure;
  return { figure, points, found, met: bounds === undefined || isWithin(found, bounds), worst };
}

/** Keeps the worst points in order; of equal ones the earlier. */
function insert(point: Point, worst: Point[]): void {
  const at = worst.findIndex(({ error }) => error < point.error);
  worst.splice(at === -1 ? worst.length : at, 0, point);
  worst.length = Math.min(worst.length, WORST_POINTS);
}

function isWithin(found: Bounds, bounds: Bounds): boolean {
  return (
    found.meanPercent <= bounds.meanPercent &&
    found.pointsOff <= bounds.pointsOff &&
    found.worstPercent <= bounds.worstPercent
  );
}
