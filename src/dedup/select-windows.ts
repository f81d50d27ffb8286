import { choose, weighAll } from './choose.ts';
import type { Choice } from './choose.ts';
import { fillHole, fillWindow } from './fill.ts';
import { handOver } from './handover.ts';
import type { SegmentList } from './segments.ts';
import type { Source } from './source.ts';
import type { DedupTrace } from './trace.ts';
import { chosenReason } from './trace.ts';
import { WINDOW_MS, Windows } from './windows.ts';

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
  const windows = new Windows(sources);
  const choice: Choice = {
    winner: 0,
    missing: new Float64Array(sources.length),
    order: new Int32Array(sources.length),
    weighed: false,
  };
  let last = -1;
  let lastEnd = Number.NaN;
  while (windows.advance(windows.nextTime())) {
    choose(windows, choice);
    const { winner } = choice;
    const from = windows.start === lastEnd ? handOver(plan, windows, last, winner) : windows.lo[winner]!;
    fillWindow(plan, windows, choice, from);
    last = winner;
    lastEnd = windows.end;
    // Behind this window nobody has samples for a while: what the others still have here belongs to it.
    const next = windows.nextTime();
    if (next >= windows.end + WINDOW_MS) fillHole(plan, windows, choice, -1, -1);
    if (trace !== undefined) report(trace, windows, choice);
  }
}

function report(trace: DedupTrace, windows: Windows, choice: Choice): void {
  weighAll(windows, choice);
  const { name } = windows.sources[choice.winner]!;
  const reason = chosenReason(windows, choice);
  trace.window(windows.start, windows.end, name, choice.missing[choice.winner]!, reason);
}
