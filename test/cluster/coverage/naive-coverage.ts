import { START } from './support.ts';

/** The interval of all targets, ms. */
export const INTERVAL = 15_000;

/** What one replica saw of one target: times of scrapes that succeeded, ascending; ms. */
export type Successes = readonly number[];

/** A time without samples, ms, both ends exclusive. */
export interface NaiveHole {
  readonly from: number;
  readonly to: number;
}

/** The holes of one replica, out of all its samples, by the definition of `compareReplicas`, and without runs and pieces. */
export function naiveHoles(times: Successes, until: number, missed: number): readonly NaiveHole[] {
  const slack = (missed + 0.5) * INTERVAL;
  const holes: NaiveHole[] = [];
  let last = START;
  for (const t of times) {
    if (t - last > slack) holes.push({ from: last, to: t });
    last = t;
  }
  if (until - last > Math.max(slack, 2 * INTERVAL)) holes.push({ from: last, to: until });
  return holes;
}

/** Those of the holes within [from, to] in which another replica has scrapes. */
export function naiveLacks(
  own: Successes,
  other: Successes,
  until: number,
  { from, to, missed }: { readonly from: number; readonly to: number; readonly missed: number },
): readonly NaiveHole[] {
  return naiveHoles(own, until, missed).filter((hole) => {
    if (hole.from >= to || hole.to <= from) return false;
    const first = Math.max(from, hole.from === START ? START : hole.from + INTERVAL / 2);
    const last = Math.min(to, hole.to === until ? until : hole.to - INTERVAL / 2);
    const inside = other.filter((t) => t >= first && t <= last);
    return longestRow(inside) >= missed || inside.length > missed;
  });
}

function longestRow(times: readonly number[]): number {
  let longest = 0;
  let row = 0;
  times.forEach((t, i) => {
    row = i > 0 && t - times[i - 1]! < 1.5 * INTERVAL ? row + 1 : 1;
    longest = Math.max(longest, row);
  });
  return longest;
}
