import { choose, weighAll } from './choose.ts';
import type { Choice } from './choose.ts';
import { coast } from './coast.ts';
import { fillHole, fillWindow } from './fill.ts';
import { handOver } from './handover.ts';
import type { SegmentList } from './segments.ts';
import type { Source } from './replica.ts';
import type { DedupTrace } from './trace.ts';
import { chosenReason } from './trace.ts';
import { Windows } from './windows.ts';

/** Reused from call to call: a call keeps nothing in them. */
const windows = new Windows();
const choice: Choice = { winner: 0, weighed: false, order: [], ranked: false };

/**
 * Chooses one source a window, fills the holes that it leaves and puts the selection into `plan`. One pass over the columns:
 * O(samples × sources), nothing allocated per sample.
 */
export function selectWindows(
  plan: SegmentList,
  sources: readonly Source[],
  trace: DedupTrace | undefined,
): void {
  plan.clear();
  windows.begin(sources);
  let last = windows.tracks[0]!;
  let lastEnd = Number.NaN;
  while (windows.advance()) {
    choose(windows, choice);
    const winner = windows.tracks[choice.winner]!;
    const from = windows.start === lastEnd ? handOver(plan, windows, last, winner) : winner.lo;
    fillWindow(plan, windows, choice, winner, from);
    // Behind this window nobody has samples for a while: what the others still have here belongs to it.
    if (windows.next >= windows.end + windows.length) fillHole(plan, windows, choice, undefined, -1);
    if (trace !== undefined) report(trace, choice);
    else if (winner.holeCount === 0 && plan.last === winner && plan.lastIndex === winner.hi - 1)
      plan.push(winner, winner.hi, coast(windows, winner));
    last = winner;
    lastEnd = windows.end;
  }
  windows.release();
}

function report(trace: DedupTrace, chosen: Choice): void {
  weighAll(windows, chosen);
  const { source, missing } = windows.tracks[chosen.winner]!;
  trace.window(windows.start, windows.end, source.name, missing, chosenReason(windows, chosen));
}
