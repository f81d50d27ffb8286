import type { SampleBuffer } from '../model/sample-columns.ts';
import { appendRange, firstAtOrAfter } from '../model/sample-columns.ts';
import { emitRange } from './segments.ts';
import type { SegmentList } from './segments.ts';
import type { Source } from './replica.ts';
import { MarkerChoice, type Marker } from './staleness.ts';

/** So many samples are copied in a step, about, which takes a millisecond or two; a range costs as much as some of them. */
const SAMPLES_AT_ONCE = 200_000;
const SAMPLES_PER_RANGE = 20;

const NO_MARKERS: readonly Marker[] = [];

/**
 * Copies a selection from its sources to the target, with the stale markers that hold for all replicas, in steps of some
 * milliseconds at most.
 */
export class Emission {
  readonly #target: SampleBuffer;
  readonly #plan: SegmentList;
  readonly #sources: readonly Source[];
  readonly #replicas: readonly Source[];
  readonly #completeUntil: number;
  /** Looks for the markers; undefined before it began, and where there are none. */
  #choice: MarkerChoice | undefined;
  /** The markers that stay; undefined until all were looked at. */
  #markers: readonly Marker[] | undefined;
  #marker = 0;
  #segment = 0;
  /** The first sample of the segment that was not copied yet. */
  #from = 0;

  /** @param replicas the sources before any was split. */
  constructor(
    target: SampleBuffer,
    plan: SegmentList,
    sources: readonly Source[],
    replicas: readonly Source[],
    completeUntil: number = Number.NEGATIVE_INFINITY,
  ) {
    this.#target = target;
    this.#plan = plan;
    this.#sources = sources;
    this.#replicas = replicas;
    this.#completeUntil = completeUntil;
  }

  /** Goes on, once the selection is made; false where all is copied. */
  step(): boolean {
    if (this.#markers !== undefined) return this.#copy(this.#markers);
    if (this.#choice === undefined && this.#replicas.some(({ markers }) => markers.length > 0))
      this.#choice = new MarkerChoice(this.#plan, this.#sources, this.#replicas, this.#completeUntil);
    if (this.#choice?.step() === true) return true;
    this.#markers = this.#choice?.kept ?? NO_MARKERS;
    return this.#begin(this.#markers);
  }

  #begin(markers: readonly Marker[]): boolean {
    const { length, from, to } = this.#plan;
    let total = markers.length;
    for (let s = 0; s < length; s++) total += to[s]! - from[s]!;
    this.#target.reserve(total);
    this.#from = from[0]!;
    return this.#copy(markers);
  }

  #copy(markers: readonly Marker[]): boolean {
    const plan = this.#plan;
    for (let left = SAMPLES_AT_ONCE; left > 0; left -= SAMPLES_PER_RANGE) {
      if (this.#segment === plan.length) {
        if (this.#marker === markers.length) return false;
        this.#appendMarker(markers);
        continue;
      }
      const source = this.#sources[plan.source[this.#segment]!]!;
      const { samples } = source;
      const to = plan.to[this.#segment]!;
      const marker = markers[this.#marker];
      const endsAtMarker = marker !== undefined && marker.t < samples.t[to - 1]!;
      const end = endsAtMarker ? firstAtOrAfter(samples, marker.t, this.#from) : to;
      const stop = Math.min(end, this.#from + left);
      emitRange(this.#target, source, this.#from, stop, this.#from === plan.from[this.#segment]);
      left -= stop - this.#from;
      this.#from = stop;
      if (stop < end) continue;
      if (endsAtMarker) this.#appendMarker(markers);
      else if (++this.#segment < plan.length) this.#from = plan.from[this.#segment]!;
    }
    return true;
  }

  #appendMarker(markers: readonly Marker[]): void {
    const { replica, index } = markers[this.#marker++]!;
    appendRange(this.#target, this.#replicas[replica]!.markers, index, index + 1);
  }
}
