import { bug } from '../model/errors.ts';
import { ResetHint } from '../model/histogram/float-histogram.ts';
import { appendRange } from '../model/sample-columns.ts';
import type { SampleBuffer } from '../model/sample-columns.ts';
import type { Source } from './replica.ts';
import type { Track } from './track.ts';

/**
 * The selection so far, as ranges of samples: parallel columns, ascending in time. Ranges that continue each other
 * grow together, so that a healthy replica costs one copy, however many windows it wins.
 */
export class SegmentList {
  length = 0;
  source: Int32Array = new Int32Array(16);
  from: Int32Array = new Int32Array(16);
  to: Int32Array = new Int32Array(16);
  /** The newest sample: its replica, its index there and its time in ms; undefined, -1, minus infinity before there is one. */
  last: Track | undefined = undefined;
  lastIndex = -1;
  lastTime: number = Number.NEGATIVE_INFINITY;
  readonly #tracks: Track[] = [];

  /** Forgets the ranges and keeps the memory. */
  clear(): void {
    this.cut(0);
  }

  /** Appends samples [from, to) of a source; they must be later than everything that is there. */
  push(track: Track, from: number, to: number): void {
    if (to <= from) return;
    if (this.last === track && this.lastIndex === from - 1) this.to[this.length - 1] = to;
    else {
      if (this.length === this.source.length) this.#grow();
      this.source[this.length] = track.index;
      this.from[this.length] = from;
      this.to[this.length] = to;
      this.#tracks[this.length] = track;
      this.length++;
    }
    this.last = track;
    this.lastIndex = to - 1;
    this.lastTime = track.t[to - 1]!;
  }

  /** Takes the newest sample away again. */
  pop(): void {
    if (this.length === 0) bug('a sample was taken from an empty selection');
    const last = this.length - 1;
    this.to[last]!--;
    this.cut(this.to[last] === this.from[last] ? last : this.length);
  }

  /** Keeps the first ranges, `length` of them. */
  cut(length: number): void {
    this.length = length;
    if (length === 0) {
      this.last = undefined;
      this.lastIndex = -1;
      this.lastTime = Number.NEGATIVE_INFINITY;
    } else {
      const last = this.#tracks[length - 1]!;
      this.last = last;
      this.lastIndex = this.to[length - 1]! - 1;
      this.lastTime = last.t[this.lastIndex]!;
    }
  }

  /** Keeps of the newest range what comes before sample `to`. */
  shorten(to: number): void {
    this.to[this.length - 1] = to;
    this.cut(this.length);
  }

  #grow(): void {
    this.source = doubled(this.source);
    this.from = doubled(this.from);
    this.to = doubled(this.to);
  }
}

function doubled(column: Int32Array): Int32Array {
  const larger = new Int32Array(column.length * 2);
  larger.set(column);
  return larger;
}

/**
 * Copies samples [from, to) of a source to the target. A native histogram's reset hint speaks of its predecessor in its
 * own replica. Behind a sample of another one (`seam`) it means nothing and would hide or invent a reset, so the first
 * of the range loses it and readers compare the buckets, as behind the seams of Prometheus' own merging iterators.
 */
export function emitRange(
  target: SampleBuffer,
  source: Source,
  from: number,
  to: number,
  seam: boolean,
): void {
  const at = target.length;
  appendRange(target, source.samples, from, to);
  if (!seam || at === 0 || to <= from || target.h?.has(at) !== true) return;
  const hint = target.h.hintAt(at);
  if (hint === ResetHint.reset || hint === ResetHint.notReset) target.h.setHint(at, ResetHint.unknown);
}
