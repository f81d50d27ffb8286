import { fillHole, fillWindow } from './fill.ts';
import { handOver } from './handover.ts';
import { missingTime } from './penalty.ts';
import { SegmentList } from './segments.ts';
import type { Source } from './source.ts';
import type { DedupTrace } from './trace.ts';
import { chosenReason } from './trace.ts';
import { WINDOW_MS, Windows } from './windows.ts';

/** A source this many times slower than the densest is another tier, not an equal with jitter. */
const SLOWER = 1.25;

/** The choice of one window, reused from window to window. */
export interface Choice {
  winner: number;
  /** Sources by what they miss; filled in only where a hole asks for it. */
  readonly order: Int32Array;
  /** ms that each source misses in the window. */
  readonly missing: Float64Array;
}

/**
 * Chooses one source a window, fills the holes that it leaves and returns the selection. One pass over the columns:
 * O(samples × sources), nothing allocated per sample.
 */
export function selectWindows(sources: readonly Source[], trace: DedupTrace | undefined): SegmentList {
  const plan = new SegmentList();
  const windows = new Windows(sources);
  const choice: Choice = {
    winner: 0,
    order: new Int32Array(sources.length),
    missing: new Float64Array(sources.length),
  };
  let last = -1;
  let lastEnd = Number.NaN;
  while (windows.advance()) {
    choose(windows, choice);
    const { winner } = choice;
    const from = windows.start === lastEnd ? handOver(plan, windows, last, winner) : windows.lo[winner]!;
    fillWindow(plan, windows, choice, from);
    last = winner;
    lastEnd = windows.end;
    // Behind this window nobody has samples for a while: what the others still have here belongs to it.
    const next = windows.nextTime();
    if (next >= windows.end + WINDOW_MS) fillHole(plan, windows, choice, -1, -1);
    trace?.window(
      windows.start,
      windows.end,
      sources[winner]!.name,
      choice.missing[winner]!,
      chosenReason(windows, choice),
    );
  }
  return plan;
}

/**
 * The source with the lowest penalty wins. Differences below one interval say nothing (they come from the phases of
 * the scrapes), and one missed scrape is better filled than switched for: among those within it the denser wins, then
 * the first by name, so that the series of one target stay with one replica.
 */
function choose(windows: Windows, choice: Choice): void {
  const { missing } = choice;
  const { sources, yardstick, interval, lo, hi } = windows;
  const tolerance = Math.min(1.01 * yardstick, WINDOW_MS / 2);
  let tier = 1;
  let least = Number.POSITIVE_INFINITY;
  for (let r = 0; r < sources.length; r++) {
    missing[r] = missingTime(windows, r);
    if (sources[r]!.tier > tier || (sources[r]!.tier === 1 && hi[r] === lo[r])) continue;
    if (hi[r] === lo[r] && missing[r]! > tolerance) continue;
    if (sources[r]!.tier < tier) least = Number.POSITIVE_INFINITY;
    tier = sources[r]!.tier;
    least = Math.min(least, missing[r]!);
  }
  choice.winner = -1;
  for (let r = 0; r < sources.length; r++) {
    const absent = hi[r] === lo[r] && missing[r]! > tolerance;
    if (absent || sources[r]!.tier !== tier || missing[r]! > least + tolerance) continue;
    if (choice.winner < 0) choice.winner = r;
    if (interval[r]! > SLOWER * yardstick) continue;
    choice.winner = r;
    return;
  }
}
