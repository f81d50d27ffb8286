import { bug } from '../model/errors.ts';
import { ResetHint } from '../model/histogram/float-histogram.ts';
import { appendRange } from '../model/sample-columns.ts';
import type { SampleBuffer } from '../model/sample-columns.ts';
import type { Source } from './source.ts';

/**
 * The selection so far, as ranges of samples: parallel columns, ascending in time. Ranges that continue each other
 * grow together, so that a healthy replica costs one copy, however many windows it wins.
 */
export class SegmentList {
  length = 0;
  source: Int32Array = new Int32Array(16);
  from: Int32Array = new Int32Array(16);
  to: Int32Array = new Int32Array(16);

  /** Forgets the ranges and keeps the memory. */
  clear(): void {
    this.length = 0;
  }

  /** Appends samples [from, to) of a source; they must be later than everything that is there. */
  push(source: number, from: number, to: number): void {
    if (to <= from) return;
    const last = this.length - 1;
    if (last >= 0 && this.source[last] === source && this.to[last] === from) {
      this.to[last] = to;
      return;
    }
    if (this.length === this.source.length) this.#grow();
    this.source[this.length] = source;
    this.from[this.length] = from;
    this.to[this.length] = to;
    this.length++;
  }

  /** Takes the newest sample away again. */
  pop(): void {
    if (this.length === 0) bug('a sample was taken from an empty selection');
    const last = this.length - 1;
    this.to[last]!--;
    if (this.to[last] === this.from[last]) this.length--;
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

/** Below this many samples a loop copies faster than the views that a block copy needs. */
const SHORT = 32;

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
  const { samples } = source;
  if (to - from < SHORT && samples.h === undefined && samples.st === undefined && target.st === undefined) {
    target.reserve(to - from);
    for (let i = from; i < to; i++) {
      target.t[target.length] = samples.t[i]!;
      target.v[target.length++] = samples.v[i]!;
    }
    return;
  }
  appendRange(target, samples, from, to);
  const first = target.h?.[at];
  if (!seam || at === 0 || to <= from || first === undefined) return;
  if (first.resetHint === ResetHint.reset || first.resetHint === ResetHint.notReset)
    target.h![at] = { ...first, resetHint: ResetHint.unknown };
}
