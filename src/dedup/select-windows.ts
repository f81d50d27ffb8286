import { choose, weighAll } from './choose.ts';
import type { Choice } from './choose.ts';
import { coast } from './coast.ts';
import { fillHole, fillWindow } from './fill.ts';
import { handOver } from './handover.ts';
import type { SegmentList } from './segments.ts';
import type { Source } from './replica.ts';
import type { DedupTrace } from './trace.ts';
import type { Track } from './track.ts';
import { chosenReason } from './trace.ts';
import { Windows } from './windows.ts';

/**
 * Chooses one source a window, fills the holes that it leaves and puts the selection into `plan`. One pass over the columns:
 * O(samples × sources), nothing allocated per sample. Reused from series to series: it keeps nothing of one that was ended.
 */
export class WindowSelection {
  readonly #windows = new Windows();
  readonly #choice: Choice = { winner: 0, weighed: false, order: [], ranked: false };
  readonly #plan: SegmentList;
  #trace: DedupTrace | undefined;
  #last: Track | undefined;
  #lastEnd: number = Number.NaN;

  constructor(plan: SegmentList) {
    this.#plan = plan;
  }

  begin(sources: readonly Source[], trace: DedupTrace | undefined): void {
    this.#plan.clear();
    this.#trace = trace;
    this.#windows.begin(sources);
    this.#last = this.#windows.tracks[0]!;
    this.#lastEnd = Number.NaN;
  }

  /** Selects in the next window, and in those that follow it alike; false where none is left. */
  step(): boolean {
    const windows = this.#windows;
    const choice = this.#choice;
    const plan = this.#plan;
    if (!windows.advance()) {
      windows.release();
      this.#last = undefined;
      return false;
    }
    choose(windows, choice);
    const winner = windows.tracks[choice.winner]!;
    const from = windows.start === this.#lastEnd ? handOver(plan, windows, this.#last!, winner) : winner.lo;
    fillWindow(plan, windows, choice, winner, from);
    // Behind this window nobody has samples for a while: what the others still have here belongs to it.
    if (windows.next >= windows.end + windows.length) fillHole(plan, windows, choice, undefined, -1);
    if (this.#trace !== undefined) this.#report(this.#trace);
    else if (winner.holeCount === 0 && plan.last === winner && plan.lastIndex === winner.hi - 1)
      plan.push(winner, winner.hi, coast(windows, winner));
    this.#last = winner;
    this.#lastEnd = windows.end;
    return true;
  }

  #report(trace: DedupTrace): void {
    const windows = this.#windows;
    const choice = this.#choice;
    weighAll(windows, choice);
    const { source, missing } = windows.tracks[choice.winner]!;
    trace.window(windows.start, windows.end, source.name, missing, chosenReason(windows, choice));
  }
}
