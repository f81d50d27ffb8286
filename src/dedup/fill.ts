import { firstAtOrAfter } from '../model/sample-columns.ts';
import { firstInStep } from './counter-seams.ts';
import { HOLE_INTERVALS } from './penalty.ts';
import type { SegmentList } from './segments.ts';
import { rank } from './choose.ts';
import type { Choice } from './choose.ts';
import type { Track } from './track.ts';
import type { Windows } from './windows.ts';

/** Samples of different replicas keep this many intervals apart. */
export const APART_INTERVALS = 0.5;

/**
 * The second tier fills only what is a missed scrape without doubt: a hole that is a little longer than 1.5 intervals is
 * made by the phases of two healthy sources.
 */
const SECOND_TIER_HOLE_INTERVALS = 1.75;

/**
 * Appends the winner's samples from index `lo` to the end of the current window, with its holes filled from the
 * others.
 */
export function fillWindow(
  plan: SegmentList,
  windows: Windows,
  choice: Choice,
  winner: Track,
  lo: number,
): void {
  const { hi, holes, holeCount } = winner;
  let from = seamStart(plan, windows, winner, lo, hi);
  if (from >= hi) return;
  if (winner.t[from]! - plan.lastTime > HOLE_INTERVALS * windows.yardstick)
    from = fillBefore(plan, windows, choice, winner, from);
  for (let k = 0; k < holeCount; k++) {
    const i = holes[k]!;
    if (i <= from) continue;
    plan.push(winner, from, i);
    from = fillBefore(plan, windows, choice, winner, i);
  }
  plan.push(winner, from, hi);
}

/** Fills the hole before sample `index` of the winner; returns the first sample of the window that may follow. */
function fillBefore(
  plan: SegmentList,
  windows: Windows,
  choice: Choice,
  winner: Track,
  index: number,
): number {
  if (fillOne(plan, windows, choice, winner, index)) return index;
  fillHole(plan, windows, choice, winner, index);
  return seamStart(plan, windows, winner, index, winner.hi);
}

/**
 * Fills the hole before sample `index` of the winner if it is like most holes: one missed scrape, of which the next best
 * source has the one sample that fits. {@link fillHole} would come to the same in a long way round. Returns whether it did.
 */
function fillOne(plan: SegmentList, windows: Windows, choice: Choice, winner: Track, index: number): boolean {
  if (plan.last !== winner || plan.lastIndex !== index - 1) return false;
  const { yardstick } = windows;
  const track = bestBut(windows, choice, winner);
  const { t, hi } = track;
  const start = plan.lastTime;
  const end = winner.t[index]!;
  const hole = HOLE_INTERVALS * yardstick;
  const apart = APART_INTERVALS * yardstick;
  let i = firstBehind(plan, track);
  while (i < hi && t[i]! < start + apart) i++;
  if (i >= hi || track.source.tier === 1) return false;
  const time = t[i]!;
  const isOnly = i + 1 === hi || t[i + 1]! > end - apart;
  const fits = time <= end - apart && time + apart <= end;
  if (!isOnly || !fits || time - start > hole || end - time > hole) return false;
  if (firstInStep(windows, winner.source, index - 1, track.source, i) !== i) return false;
  if (firstInStep(windows, track.source, i, winner.source, index) !== index) return false;
  plan.push(track, i, i + 1);
  return true;
}

/** The best source besides the winner; of two it is the other, whatever it misses. */
function bestBut(windows: Windows, choice: Choice, winner: Track): Track {
  if (windows.tracks.length === 2) return windows.tracks[1 - winner.index]!;
  rank(windows, choice);
  return choice.order[0] === winner ? choice.order[1]! : choice.order[0]!;
}

/**
 * Fills the hole between the end of the selection and sample `index` of a source, best source first; what it leaves
 * goes to the next best. Without a source the hole is open: the selection ends, for this window or for good.
 * Returns whether there was a hole.
 */
export function fillHole(
  plan: SegmentList,
  windows: Windows,
  choice: Choice,
  track: Track | undefined,
  index: number,
): boolean {
  const end = track === undefined ? Number.POSITIVE_INFINITY : track.t[index]!;
  if (end - plan.lastTime <= HOLE_INTERVALS * windows.yardstick) return false;
  rank(windows, choice);
  fillFrom(plan, windows, choice.order, 0, track, index);
  return true;
}

/** Fills a hole from the sources at this position of the order and behind it. */
function fillFrom(
  plan: SegmentList,
  windows: Windows,
  order: readonly Track[],
  position: number,
  track: Track | undefined,
  index: number,
): void {
  const { yardstick } = windows;
  const end = track === undefined ? Number.POSITIVE_INFINITY : track.t[index]!;
  const hole = HOLE_INTERVALS * yardstick;
  for (let next = position; next < order.length; next++) {
    if (end - plan.lastTime <= hole) return;
    const filler = order[next]!;
    if (filler.source.tier === 1) {
      if (track !== undefined) shiftEdge(plan, windows, order, track, index);
      if (end - plan.lastTime <= SECOND_TIER_HOLE_INTERVALS * yardstick) return;
    }
    const first = firstBehind(plan, filler);
    const stop = filler === track ? index : lastBefore(windows, filler, first, track, index);
    if (first < stop) fillBy(plan, windows, order, next, first, stop);
  }
  if (track !== undefined && end - plan.lastTime > hole) shiftEdge(plan, windows, order, track, index);
}

/** Appends samples [first, stop) of the source at this position of the order, with their holes filled by those behind it. */
function fillBy(
  plan: SegmentList,
  windows: Windows,
  order: readonly Track[],
  position: number,
  first: number,
  stop: number,
): void {
  const track = order[position]!;
  const hole = HOLE_INTERVALS * windows.yardstick;
  let i = seamStart(plan, windows, track, first, stop);
  for (let isContinued = false; i < stop; i++) {
    if (track.t[i]! - plan.lastTime > hole) {
      fillFrom(plan, windows, order, position + 1, track, i);
      i = seamStart(plan, windows, track, i, stop);
    } else if (!isContinued && i > first) {
      i = seamStart(plan, windows, track, i, stop);
    }
    plan.push(track, i, Math.min(i + 1, stop));
    isContinued = true;
  }
}

/** End of a filler's samples, from `first` on, that may stand before the hole's end; in an open hole, those of the window. */
function lastBefore(
  windows: Windows,
  { t, hi }: Track,
  first: number,
  track: Track | undefined,
  index: number,
): number {
  if (track === undefined) return hi;
  const limit = track.t[index]! - APART_INTERVALS * windows.yardstick;
  let stop = first;
  while (stop < hi && t[stop]! <= limit) stop++;
  return stop;
}

/** The first sample that is later than the selection. The selection grows: it is a few steps from the last one. */
function firstBehind({ lastTime }: SegmentList, track: Track): number {
  const { t, length } = track;
  let first = track.cursor;
  while (first < length && t[first]! <= lastTime) first++;
  while (first > 0 && t[first - 1]! > lastTime) first--;
  track.cursor = first;
  return first;
}

/** The first of samples [lo, hi) that may follow the selection: far enough behind its end, and in step. */
function seamStart(plan: SegmentList, windows: Windows, track: Track, lo: number, hi: number): number {
  const { last, lastIndex } = plan;
  if (last === undefined) return lo;
  if (last === track) return Math.max(lo, lastIndex + 1);
  const { t } = track;
  const earliest = plan.lastTime + APART_INTERVALS * windows.yardstick;
  let first = lo;
  while (first < hi && t[first]! < earliest) first++;
  return first < hi ? Math.min(firstInStep(windows, last.source, lastIndex, track.source, first), hi) : hi;
}

/**
 * Two phases half an interval apart: a source goes on through the hole, but its samples are too near to both edges. Then
 * the one at the left edge takes the edge's place, if that leaves no hole as wide as this one.
 */
function shiftEdge(
  plan: SegmentList,
  windows: Windows,
  order: readonly Track[],
  track: Track,
  index: number,
): void {
  const { last: edgeTrack, lastIndex: edge, lastTime: edgeTime } = plan;
  if (edgeTrack === undefined) return;
  const end = track.t[index]!;
  const hole = HOLE_INTERVALS * windows.yardstick;
  plan.pop();
  const before = plan.lastTime;
  for (let position = 0; position < order.length; position++) {
    const other = order[position]!;
    const { t, length, source } = other;
    if (other === edgeTrack || source.tier === 1) continue;
    const i = firstAtOrAfter(source.samples, edgeTime + 1);
    const near = i < length && t[i]! - edgeTime < APART_INTERVALS * windows.yardstick;
    if (!near || i + 1 === length || t[i + 1]! > Math.min(end, t[i]! + hole)) continue;
    const narrower =
      Math.max(end - t[i]!, before === Number.NEGATIVE_INFINITY ? 0 : t[i]! - before) < end - edgeTime;
    if (narrower && seamStart(plan, windows, other, i, i + 1) === i) {
      plan.push(other, i, i + 1);
      return;
    }
  }
  plan.push(edgeTrack, edge, edge + 1);
}
