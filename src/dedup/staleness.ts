import type { SampleColumns } from '../model/sample-columns.ts';
import { firstAtOrAfter } from '../model/sample-columns.ts';
import { APART_INTERVALS } from './fill.ts';
import { MIN_SPACINGS } from './interval.ts';
import { intervalNear } from './learn-interval.ts';
import { HOLE_INTERVALS } from './penalty.ts';
import type { SegmentList } from './segments.ts';
import type { Source } from './replica.ts';
import { LONGEST_WINDOW_MS, REACH_MS, SLOW_MS } from './window-length.ts';
import { UNKNOWN_INTERVAL_MS } from './windows.ts';

/** A stale marker: position `index` among the markers of a replica, and its time, ms. */
export interface Marker {
  readonly replica: number;
  readonly index: number;
  readonly t: number;
}

/** Looking at one takes about a microsecond. */
const MARKERS_AT_ONCE = 1000;

/**
 * Finds the stale markers that hold for all replicas, some at a time: one that gave a series up ends it only if no other goes on, so of
 * several that give up the last one's marker stays.
 */
export class MarkerChoice {
  /** The markers that stay, ascending in time. */
  readonly kept: Marker[] = [];
  readonly #plan: SegmentList;
  readonly #sources: readonly Source[];
  readonly #replicas: readonly Source[];
  /** By replica: the marker that is looked at next. */
  readonly #next: number[];
  readonly #newest: number;
  #segment = 0;

  /** @param replicas the sources before any was split. */
  constructor(
    plan: SegmentList,
    sources: readonly Source[],
    replicas: readonly Source[],
    completeUntil: number,
  ) {
    this.#plan = plan;
    this.#sources = sources;
    this.#replicas = replicas;
    this.#next = replicas.map(() => 0);
    const ends = replicas.map(({ samples, markers }) => Math.max(end(samples), end(markers)));
    this.#newest = Math.max(completeUntil, ...ends);
  }

  /** Looks at the next markers; false where none are left. */
  step(): boolean {
    for (let i = 0; i < MARKERS_AT_ONCE; i++) {
      const marker = this.#nextMarker();
      if (marker === undefined) return false;
      if (this.#stays(marker)) this.kept.push(marker);
    }
    return true;
  }

  /** The next marker of all replicas by time, then by the order of the replicas. */
  #nextMarker(): Marker | undefined {
    let replica = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let r = 0; r < this.#replicas.length; r++) {
      const { t, length } = this.#replicas[r]!.markers;
      const at = this.#next[r]!;
      if (at >= length || t[at]! >= least) continue;
      replica = r;
      least = t[at]!;
    }
    return replica < 0 ? undefined : { replica, index: this.#next[replica]!++, t: least };
  }

  #stays(marker: Marker): boolean {
    const plan = this.#plan;
    const sources = this.#sources;
    // The selection's neighbours of the marker: the last sample before it, and the next.
    while (this.#segment < plan.length && segmentEnd(plan, this.#segment, sources) < marker.t)
      this.#segment++;
    const segment = this.#segment;
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

    const interval = intervalAround(this.#replicas[marker.replica]!.samples, marker.t);
    const fromOwn = before >= 0 && sources[plan.source[before]!]!.replica === marker.replica;
    const toOwn = within >= 0 && sources[plan.source[segment]!]!.replica === marker.replica;
    if (!fromOwn && marker.t - beforeTime < APART_INTERVALS * interval) return false;
    if (!toOwn && afterTime - marker.t < APART_INTERVALS * interval) return false;
    if (!(fromOwn && toOwn) && afterTime - beforeTime <= HOLE_INTERVALS * interval) return false;
    const earlier = this.kept.at(-1);
    if (earlier !== undefined && earlier.replica !== marker.replica && earlier.t > beforeTime) return false;
    return !this.#replicas.some((other, r) => r !== marker.replica && goesOn(other, marker.t, this.#newest));
  }
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
