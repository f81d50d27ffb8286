import type { ReplicaWindow } from './window-runs.ts';
import { intervalOf, outcomeOf, RunMark } from './piece.ts';

/** A time, ms since the epoch, both ends exclusive. */
export interface AwayTime {
  readonly from: number;
  readonly to: number;
  /** Whether nothing is known of the time before it. */
  readonly isFirst: boolean;
}

/** From this many intervals without a scrape on, a server was away. The newest scrape may be two of them old. */
const AWAY_INTERVALS = 2.5;

/** Times are told apart by so much, ms: a server that was away for less was not. */
const CELL_MS = 1000;

/**
 * The times in [from, to] (ms) in which none of some endpoints scraped anything, successfully or not, ascending: a server that runs
 * writes `up` for each target at each interval. Costs a few operations a run, however many there are.
 */
export function awayTimes(windows: readonly ReplicaWindow[], from: number, to: number): readonly AwayTime[] {
  const begin = Math.min(...windows.map((window) => window.from));
  const until = Math.max(...windows.map((window) => window.until));
  const cells = Math.ceil((until - begin) / CELL_MS) + 1;
  /** By cell: how many more runs go on there than in the one before. */
  const more = new Int32Array(cells + 1);
  /** By cell, after its start: the first scrape of those that begin there, and the last one of those that end there; ms. */
  const firstIn = new Uint16Array(cells).fill(CELL_MS);
  const lastIn = new Uint16Array(cells);
  let shortest = Infinity;
  for (const { pieces } of windows)
    for (const { start, firsts, lasts, facts } of pieces)
      for (let run = 0; run < facts.length; run++) {
        if (outcomeOf(facts[run]!) === RunMark.taken) continue;
        const interval = intervalOf(facts[run]!);
        if (interval > 0 && interval < shortest) shortest = interval;
        const first = start + firsts[run]! - begin;
        // What came while a refresh was under way lies behind what is known.
        const last = Math.min(start + lasts[run]!, until) - begin;
        if (first > last) continue;
        const [cell, end] = [Math.floor(first / CELL_MS), Math.floor(last / CELL_MS)];
        more[cell]!++;
        more[end + 1]!--;
        firstIn[cell] = Math.min(firstIn[cell]!, first % CELL_MS);
        lastIn[end] = Math.max(lastIn[end]!, last % CELL_MS);
      }
  const least = shortest === Infinity ? 0 : AWAY_INTERVALS * shortest;
  const away: AwayTime[] = [];
  const add = (last: number, next: number, isFirst: boolean): void => {
    if (next - last <= least || last >= to || next <= from) return;
    away.push({ from: Math.max(last, from), to: Math.min(next, to), isFirst });
  };
  let last = begin;
  let isFirst = true;
  let going = 0;
  for (let cell = 0; cell < cells; cell++) {
    const before = going;
    going += more[cell]!;
    if (going === 0) continue;
    const at = begin + cell * CELL_MS;
    if (before === 0) add(last, at + firstIn[cell]!, isFirst);
    isFirst = false;
    last = at + lastIn[cell]!;
  }
  add(last, until, isFirst);
  return away;
}
