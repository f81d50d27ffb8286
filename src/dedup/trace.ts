import type { Choice } from './choose.ts';
import { firstAtOrAfter } from './source.ts';
import type { Windows } from './windows.ts';

/** Receives every decision of a deduplication, for `explain`. Costs nothing where it is not given. */
export interface DedupTrace {
  /**
   * One call a window that holds samples, in ascending order. Times are ms since the epoch, the end exclusive;
   * `penalty` is the ms that the chosen replica misses. `reason` says why it was chosen: `only source` (no other has
   * the series here), `stale` (another gave it up here), `a missed 4 scrapes` (the preferred one was worse), `denser
   * than a`, or `tie` (nothing sets them apart but the name).
   */
  window(start: number, end: number, replica: string, penalty: number, reason: string): void;
}

/** Why the winner of a window won, in the words of {@link DedupTrace}; all sources must have been weighed. */
export function chosenReason(windows: Windows, { winner, missing }: Choice): string {
  const { sources, lo, hi, yardstick, interval } = windows;
  const others = sources.map((_, r) => r).filter((r) => r !== winner);
  if (others.some((r) => gaveUp(windows, r))) return 'stale';
  if (others.every((r) => hi[r] === lo[r])) return 'only source';
  // Only who stands before the winner by name needs an excuse; of those behind, losing a tie is the rule.
  const passedOver = others.find((r) => r < winner) ?? -1;
  if (passedOver < 0) return 'tie';
  const scrapes = Math.round((missing[passedOver]! - missing[winner]!) / yardstick);
  if (scrapes < 1) return `denser than ${sources[passedOver]!.name}`;
  if (interval[passedOver]! > interval[winner]! * 1.25) return `denser than ${sources[passedOver]!.name}`;
  return `${sources[passedOver]!.name} missed ${scrapes} ${scrapes === 1 ? 'scrape' : 'scrapes'}`;
}

/** True where a source has a stale marker in the window and no sample behind it. */
function gaveUp({ sources, start, end, hi, lo }: Windows, r: number): boolean {
  const { markers, samples } = sources[r]!;
  const last = firstAtOrAfter(markers, end) - 1;
  if (last < 0 || markers.t[last]! < start) return false;
  return hi[r] === lo[r] || samples.t[hi[r]! - 1]! < markers.t[last]!;
}
