import type { SampleBuffer, SampleColumns } from '../model/sample-columns.ts';
import { appendRange, firstAtOrAfter } from '../model/sample-columns.ts';
import { APART_INTERVALS } from './fill.ts';
import { MIN_SPACINGS } from './interval.ts';
import { intervalNear } from './learn-interval.ts';
import { HOLE_INTERVALS } from './penalty.ts';
import { emitRange } from './segments.ts';
import type { SegmentList } from './segments.ts';
import type { Source } from './replica.ts';
import { LONGEST_WINDOW_MS, REACH_MS, SLOW_MS } from './window-length.ts';
import { UNKNOWN_INTERVAL_MS } from './windows.ts';

interface Marker {
  readonly replica: number;
  readonly index: number;
  readonly t: number;
}

const NO_MARKERS: readonly Marker[] = [];

/**
 * Copies the selection from the sources to the target and adds the stale markers that hold for all replicas: one that gave
 * a series up ends it only if no other goes on, so of several that give up the last one's marker stays. `replicas` are
 * the sources before any was split.
 */
export function emitWithMarkers(
  target: SampleBuffer,
  plan: SegmentList,
  sources: readonly Source[],
  replicas: readonly Source[],
  completeUntil: number = Number.NEGATIVE_INFINITY,
): void {
  const markers = keptMarkers(plan, sources, replicas, completeUntil);
  let next = 0;
  for (let s = 0; s < plan.length; s++) {
    const source = sources[plan.source[s]!]!;
    let from = plan.from[s]!;
    const to = plan.to[s]!;
    for (; next < markers.length && markers[next]!.t < source.samples.t[to - 1]!; next++) {
      const at = firstAtOrAfter(source.samples, markers[next]!.t, from);
      emitRange(target, source, from, at, from === plan.from[s]);
      appendMarker(target, markers[next]!, replicas);
      from = at;
    }
    emitRange(target, source, from, to, from === plan.from[s]);
  }
  for (; next < markers.length; next++) appendMarker(target, markers[next]!, replicas);
}

function appendMarker(target: SampleBuffer, { replica, index }: Marker, replicas: readonly Source[]): void {
  appendRange(target, replicas[replica]!.markers, index, index + 1);
}

/** The markers that stay, ascending in time. */
function keptMarkers(
  plan: SegmentList,
  sources: readonly Source[],
  replicas: readonly Source[],
  completeUntil: number,
): readonly Marker[] {
  if (replicas.every(({ markers }) => markers.length === 0)) return NO_MARKERS;
  const kept: Marker[] = [];
  const ends = replicas.map(({ samples, markers }) => Math.max(end(samples), end(markers)));
  const newest = Math.max(completeUntil, ...ends);
  let segment = 0;
  for (const marker of allMarkers(replicas)) {
    // The selection's neighbours of the marker: the last sample before it, and the next.
    while (segment < plan.length && segmentEnd(plan, segment, sources) < marker.t) segment++;
    const within = segment < plan.length ? sampleAround(plan, segment, sources, marker.t) : -1;
    const inside = within > (plan.from[segment] ?? 0);
    const before = inside ? segment : segment - 1;
    const beforeTime = inside
      ? sources[plan.source[segment]!]!.samples.t[within - 1]!
      : before < 0
        ? Number.NEGATIVE_INFINITY
        : segmentEnd(plan, before, sources);
    const afterTime =
      within < 0 ? Number.POSITIVE_INFINITY : sources[plan.source[segment]!]!.samples.t[within]!;

    const interval = intervalAround(replicas[marker.replica]!.samples, marker.t);
    const fromOwn = before >= 0 && sources[plan.source[before]!]!.replica === marker.replica;
    const toOwn = within >= 0 && sources[plan.source[segment]!]!.replica === marker.replica;
    if (!fromOwn && marker.t - beforeTime < APART_INTERVALS * interval) continue;
    if (!toOwn && afterTime - marker.t < APART_INTERVALS * interval) continue;
    if (!(fromOwn && toOwn) && afterTime - beforeTime <= HOLE_INTERVALS * interval) continue;
    const earlier = kept.at(-1);
    if (earlier !== undefined && earlier.replica !== marker.replica && earlier.t > beforeTime) continue;
    if (replicas.some((other, r) => r !== marker.replica && goesOn(other, marker.t, newest))) continue;
    kept.push(marker);
  }
  return kept;
}

/** Every marker of every replica by time, then by the order of the replicas. */
function allMarkers(replicas: readonly Source[]): Marker[] {
  return replicas
    .flatMap(({ markers }, replica) =>
      Array.from(markers.t.subarray(0, markers.length), (t, index): Marker => ({ replica, index, t })),
    )
    .sort((a, b) => a.t - b.t || a.replica - b.replica);
}

/**
 * True where a replica has the series at time `t` and keeps it: its next sample or its own marker follows within the
 * interval, or may still arrive because the data ends here (`newest` is the end of all data, ms).
 */
function goesOn({ samples, markers }: Source, t: number, newest: number): boolean {
  const next = firstAtOrAfter(samples, t);
  if (next === 0) return samples.t[0] === t && samples.length > 0;
  const last = samples.t[next - 1]!;
  const marker = firstAtOrAfter(markers, last);
  const gaveUp = marker < markers.length ? markers.t[marker]! : Number.POSITIVE_INFINITY;
  if (gaveUp <= t) return false;
  const due = last + HOLE_INTERVALS * intervalAround(samples, t);
  const sign = Math.min(gaveUp, next < samples.length ? samples.t[next]! : Number.POSITIVE_INFINITY);
  return sign === Number.POSITIVE_INFINITY ? due > newest : sign <= due;
}

/**
 * Median spacing in ms of the few samples next to time `t`. Where there are no two near, those of a slow series are looked
 * for further and further away.
 */
function intervalAround(samples: SampleColumns, t: number): number {
  const at = firstAtOrAfter(samples, t);
  const near = intervalNear(samples, at, t - REACH_MS, t + REACH_MS, 1);
  if (near > 0) return near;
  for (let reach = 2 * REACH_MS; reach <= LONGEST_WINDOW_MS; reach *= 2) {
    const interval = intervalNear(samples, at, t - reach, t + reach, MIN_SPACINGS);
    if (interval > 0) return interval > SLOW_MS ? interval : UNKNOWN_INTERVAL_MS;
  }
  return UNKNOWN_INTERVAL_MS;
}

function segmentEnd(plan: SegmentList, segment: number, sources: readonly Source[]): number {
  return sources[plan.source[segment]!]!.samples.t[plan.to[segment]! - 1]!;
}

/** Index of the segment's first sample at or after time `t`. */
function sampleAround(plan: SegmentList, segment: number, sources: readonly Source[], t: number): number {
  return firstAtOrAfter(sources[plan.source[segment]!]!.samples, t, plan.from[segment]);
}

function end({ t, length }: SampleColumns): number {
  return length === 0 ? Number.NEGATIVE_INFINITY : t[length - 1]!;
}
