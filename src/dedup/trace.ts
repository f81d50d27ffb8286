import { firstAtOrAfter } from '../model/sample-columns.ts';
import { SLOWER } from './choose.ts';
import type { Choice } from './choose.ts';
import type { Track } from './track.ts';
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
export function chosenReason(windows: Windows, { winner }: Choice): string {
  const { tracks, yardstick } = windows;
  const chosen = tracks[winner]!;
  const others = tracks.filter((track) => track !== chosen);
  if (others.some((track) => gaveUp(windows, track))) return 'stale';
  if (others.every(({ lo, hi }) => hi === lo)) return 'only source';
  // Only who stands before the winner by name needs an excuse; of those behind, losing a tie is the rule.
  const passedOver = others.find(({ index }) => index < winner);
  if (passedOver === undefined) return 'tie';
  const { source, missing, interval } = passedOver;
  const scrapes = Math.round((missing - chosen.missing) / yardstick);
  if (scrapes < 1 || interval > chosen.interval * SLOWER) return `denser than ${source.name}`;
  return `${source.name} missed ${scrapes} ${scrapes === 1 ? 'scrape' : 'scrapes'}`;
}

/** True where a source has a stale marker in the window and no sample behind it. */
function gaveUp({ start, end }: Windows, { source, lo, hi }: Track): boolean {
  const { markers, samples } = source;
  const last = firstAtOrAfter(markers, end) - 1;
  if (last < 0 || markers.t[last]! < start) return false;
  return hi === lo || samples.t[hi - 1]! < markers.t[last]!;
}
