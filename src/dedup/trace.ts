import { firstAtOrAfter } from '../model/sample-columns.ts';
import { SLOWER } from './choose.ts';
import type { Choice } from './choose.ts';
import type { DedupReason } from './reason.ts';
import type { Track } from './track.ts';
import type { Windows } from './windows.ts';

/** Receives every decision of a deduplication, for `explain`. Costs nothing where it is not given. */
export interface DedupTrace {
  /**
   * One call a window that holds samples, in ascending order. Times are ms since the epoch, the end exclusive;
   * `penalty` is the ms that the chosen replica misses.
   */
  window(start: number, end: number, replica: string, penalty: number, reason: DedupReason): void;
}

/** Why the winner of a window won; all sources must have been weighed. */
export function chosenReason(windows: Windows, { winner }: Choice): DedupReason {
  const { tracks, yardstick } = windows;
  const chosen = tracks[winner]!;
  // Where one of the second tier won, those of the first have nothing to be weighed; one of them is the winner's own.
  const others = tracks.filter((track) => track !== chosen && track.source.tier >= chosen.source.tier);
  if (others.some((track) => gaveUp(windows, track))) return { kind: 'stale' };
  if (others.every(({ lo, hi }) => hi === lo)) return { kind: 'only source' };
  // Only a replica before the winner by name needs an excuse; of those behind, losing a tie is the rule.
  const passedOver = others.find(({ index }) => index < winner);
  if (passedOver === undefined) return { kind: 'tie' };
  const { source, missing, interval } = passedOver;
  const scrapes = Math.round((missing - chosen.missing) / yardstick);
  if (scrapes < 1 || interval > chosen.interval * SLOWER) return { kind: 'denser', than: source.name };
  return { kind: 'missed', replica: source.name, scrapes };
}

/** True where a source has a stale marker in the window and no sample behind it. */
function gaveUp({ start, end }: Windows, { source, lo, hi }: Track): boolean {
  const { markers, samples } = source;
  const last = firstAtOrAfter(markers, end) - 1;
  if (last < 0 || markers.t[last]! < start) return false;
  return hi === lo || samples.t[hi - 1]! < markers.t[last]!;
}
