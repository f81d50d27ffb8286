import { firstInStep } from './counter-seams.ts';
import { HOLE_INTERVALS } from './penalty.ts';
import type { SegmentList } from './segments.ts';
import { weighAll } from './choose.ts';
import type { Choice } from './choose.ts';
import { firstAtOrAfter } from './source.ts';
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
export function fillWindow(plan: SegmentList, windows: Windows, choice: Choice, lo: number): void {
  const { winner } = choice;
  const { samples } = windows.sources[winner]!;
  const hole = HOLE_INTERVALS * windows.yardstick;
  const hi = windows.hi[winner]!;
  let from = seamStart(plan, windows, winner, lo, hi);
  if (from >= hi) return;
  if (fillHole(plan, windows, choice, winner, from)) from = seamStart(plan, windows, winner, from, hi);
  if (from >= hi) return;
  if (windows.maxSpacing[winner]! <= hole) {
    plan.push(winner, from, hi);
    return;
  }
  plan.push(winner, from, from + 1);
  for (let i = from + 1; i < hi; i++) {
    if (samples.t[i]! - samples.t[i - 1]! > hole) {
      if (fillHole(plan, windows, choice, winner, i)) i = seamStart(plan, windows, winner, i, hi);
    }
    plan.push(winner, i, Math.min(i + 1, hi));
  }
}

/**
 * Fills the hole between the end of the selection and sample `index` of `source`, best source first; what it leaves
 * goes to the next best. With `source` -1 the hole is open: the selection ends, for this window or for good.
 * Returns whether there was a hole.
 */
export function fillHole(
  plan: SegmentList,
  windows: Windows,
  choice: Choice,
  source: number,
  index: number,
): boolean {
  const end = source < 0 ? Number.POSITIVE_INFINITY : windows.sources[source]!.samples.t[index]!;
  if (end - lastTime(plan, windows) <= HOLE_INTERVALS * windows.yardstick) return false;
  weighAll(windows, choice);
  rank(windows, choice);
  fillFrom(plan, windows, choice.order, 0, source, index);
  return true;
}

function fillFrom(
  plan: SegmentList,
  windows: Windows,
  order: Int32Array,
  position: number,
  source: number,
  index: number,
): void {
  const { sources, yardstick } = windows;
  const end = source < 0 ? Number.POSITIVE_INFINITY : sources[source]!.samples.t[index]!;
  const hole = HOLE_INTERVALS * yardstick;
  if (end - lastTime(plan, windows) <= hole) return;
  if (position === order.length) {
    if (source >= 0) shiftEdge(plan, windows, order, end);
    return;
  }
  const r = order[position]!;
  const { samples, tier } = sources[r]!;
  if (tier === 1) {
    if (source >= 0) shiftEdge(plan, windows, order, end);
    if (end - lastTime(plan, windows) <= SECOND_TIER_HOLE_INTERVALS * yardstick) return;
  }
  const stop = r === source ? index : lastBefore(windows, r, end);
  let i = seamStart(plan, windows, r, firstBehind(plan, windows, r, stop), stop);
  for (let previous = -1; i < stop; i++) {
    if (previous < 0 || samples.t[i]! - samples.t[previous]! > hole) {
      fillFrom(plan, windows, order, position + 1, r, i);
      i = seamStart(plan, windows, r, i, stop);
      if (i >= stop) break;
    }
    plan.push(r, i, i + 1);
    previous = i;
  }
  fillFrom(plan, windows, order, position + 1, source, index);
}

/** End of the samples of `r` that may stand before time `end`; in an open hole, those of the window. */
function lastBefore(windows: Windows, r: number, end: number): number {
  let stop = windows.hi[r]!;
  if (end === Number.POSITIVE_INFINITY) return stop;
  const { t } = windows.sources[r]!.samples;
  const limit = end - APART_INTERVALS * windows.yardstick;
  while (stop > 0 && t[stop - 1]! > limit) stop--;
  return stop;
}

/** The first sample of `r` before index `stop` that is later than the selection. Holes are short: a walk is fastest. */
function firstBehind(plan: SegmentList, windows: Windows, r: number, stop: number): number {
  const { t } = windows.sources[r]!.samples;
  const last = lastTime(plan, windows);
  let first = stop;
  while (first > 0 && t[first - 1]! > last) first--;
  return first;
}

/** The first of samples [lo, hi) of `r` that may follow the selection: far enough behind its end, and in step. */
function seamStart(plan: SegmentList, windows: Windows, r: number, lo: number, hi: number): number {
  if (plan.length === 0) return lo;
  const segment = plan.length - 1;
  const source = plan.source[segment]!;
  const last = plan.to[segment]! - 1;
  if (source === r) return Math.max(lo, last + 1);
  const { samples: from } = windows.sources[source]!;
  const { samples: to } = windows.sources[r]!;
  const earliest = from.t[last]! + APART_INTERVALS * windows.yardstick;
  let first = lo;
  while (first < hi && to.t[first]! < earliest) first++;
  return first < hi ? Math.min(firstInStep(from, last, to, first, windows.yardstick), hi) : hi;
}

function lastTime(plan: SegmentList, windows: Windows): number {
  if (plan.length === 0) return Number.NEGATIVE_INFINITY;
  const segment = plan.length - 1;
  return windows.sources[plan.source[segment]!]!.samples.t[plan.to[segment]! - 1]!;
}

/**
 * Two phases half an interval apart: a source goes on through the hole, but its samples are too near to both edges. Then
 * the one at the left edge takes the edge's place, if that leaves no hole as wide as this one.
 */
function shiftEdge(plan: SegmentList, windows: Windows, order: Int32Array, end: number): void {
  if (plan.length === 0) return;
  const segment = plan.length - 1;
  const edgeSource = plan.source[segment]!;
  const edge = plan.to[segment]! - 1;
  const edgeTime = lastTime(plan, windows);
  const hole = HOLE_INTERVALS * windows.yardstick;
  plan.pop();
  const before = lastTime(plan, windows);
  for (const r of order) {
    const { samples, tier } = windows.sources[r]!;
    if (r === edgeSource || tier === 1) continue;
    const i = firstAtOrAfter(samples, edgeTime + 1);
    const near = i < samples.length && samples.t[i]! - edgeTime < APART_INTERVALS * windows.yardstick;
    if (!near || i + 1 === samples.length || samples.t[i + 1]! > Math.min(end, samples.t[i]! + hole))
      continue;
    const narrower =
      Math.max(end - samples.t[i]!, before === Number.NEGATIVE_INFINITY ? 0 : samples.t[i]! - before) <
      end - edgeTime;
    if (narrower && seamStart(plan, windows, r, i, i + 1) === i) {
      plan.push(r, i, i + 1);
      return;
    }
  }
  plan.push(edgeSource, edge, edge + 1);
}

/** Orders the sources by tier, then by what they miss in the window, then by name. */
function rank({ sources }: Windows, { missing, order }: Choice): void {
  for (let r = 0; r < order.length; r++) {
    let at = r;
    for (; at > 0; at--) {
      const other = order[at - 1]!;
      const tiers = sources[other]!.tier - sources[r]!.tier;
      if (tiers < 0 || (tiers === 0 && missing[other]! <= missing[r]!)) break;
      order[at] = other;
    }
    order[at] = r;
  }
}
