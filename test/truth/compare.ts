import type { Answer } from './evaluate-figure.ts';
import type { Bounds, Figure } from './figures.ts';

/** One line of the table: a figure, what was measured, and whether that is within the bounds. */
export interface Measured {
  readonly figure: Figure;
  readonly points: number;
  readonly found: Bounds;
  readonly met: boolean;
}

/** Compares the answer over deduplicated replicas with the reference's, point by point. */
export function compare(figure: Figure, merged: Answer, reference: Answer): Measured {
  let points = 0;
  let sum = 0;
  let pointsOff = 0;
  let worst = 0;
  for (const [group, expected] of reference) {
    const found = merged.get(group)!;
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
  const { bounds } = figure;
  return { figure, points, found, met: bounds === undefined || isWithin(found, bounds) };
}

function isWithin(found: Bounds, bounds: Bounds): boolean {
  return (
    found.meanPercent <= bounds.meanPercent &&
    found.pointsOff <= bounds.pointsOff &&
    found.worstPercent <= bounds.worstPercent
  );
}
