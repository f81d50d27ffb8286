import { JOBS } from './jobs.ts';

const MINUTE = 60_000;

/** A stretch that a replica has nothing of. */
export interface Outage {
  readonly replica: 'a' | 'b';
  /** Minutes from the start, the end exclusive. */
  readonly from: number;
  readonly to: number;
  /** Number of the one target concerned; every target where it is left out. */
  readonly target?: number;
}

export const OUTAGES: readonly Outage[] = [
  { replica: 'a', from: 70, to: 85 },
  { replica: 'a', from: 200, to: 203 },
  { replica: 'a', from: 100, to: 140, target: 0 },
  { replica: 'b', from: 150, to: 170 },
  { replica: 'b', from: 290, to: 291 },
  { replica: 'b', from: 20, to: 60, target: 1 },
];

/**
 * Says which outages begin, end or go on in a window of evaluation. Their edges count from one interval off, because
 * the samples beside them are those that a change of replica concerns. All in ms after the start.
 *
 * @param job outages of single targets of other jobs are left out; all count where it is ''.
 */
export function outagesWithin(from: number, to: number, interval: number, job: string): readonly string[] {
  return OUTAGES.flatMap((outage) => {
    const { replica, target } = outage;
    if (target !== undefined && job !== '' && JOBS[target % JOBS.length] !== job) return [];
    const isInside = (minute: number): boolean =>
      minute * MINUTE > from - interval && minute * MINUTE <= to + interval;
    const edges = [
      ...(isInside(outage.from) ? [`begins at ${outage.from} min`] : []),
      ...(isInside(outage.to) ? [`ends at ${outage.to} min`] : []),
    ];
    if (edges.length === 0 && outage.from * MINUTE <= from && outage.to * MINUTE >= to)
      edges.push(`goes on from ${outage.from} to ${outage.to} min`);
    if (edges.length === 0) return [];
    return [
      `${replica}'s outage of ${target === undefined ? 'all' : `target ${target}`} ${edges.join(', ')}`,
    ];
  });
}
