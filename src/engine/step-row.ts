import type { FloatHistogram } from '../model/histogram/float-histogram.ts';

/** What a step of a row holds. Numbers, so that a row's kinds are one byte column. */
export const StepKind = { absent: 0, float: 1, histogram: 2 } as const;

/**
 * The values of one series at every step of the query: parallel columns indexed by step. The currency between
 * operators; rows are reused, so a reader that keeps one copies it.
 */
export class StepRow {
  /** Number of steps; 1 for instant queries. */
  readonly length: number;
  /** A {@link StepKind} a step. */
  readonly kind: Uint8Array;
  /** The float where `kind` is float; undefined content elsewhere. */
  readonly v: Float64Array;
  /** The histogram where `kind` is histogram; the column exists only once a histogram was set. */
  h: (FloatHistogram | undefined)[] | undefined;

  constructor(
    length: number,
    kind: Uint8Array = new Uint8Array(length),
    v: Float64Array = new Float64Array(length),
  ) {
    this.length = length;
    this.kind = kind;
    this.v = v;
  }

  /** Steps [from, to) as a row on the same columns. Its histograms are a copy, which {@link settle} brings back. */
  part(from: number, to: number): StepRow {
    const part = new StepRow(to - from, this.kind.subarray(from, to), this.v.subarray(from, to));
    part.h = this.h?.slice(from, to);
    return part;
  }

  /** Takes over the histograms that were set in a {@link part} of this row. */
  settle(part: StepRow, from: number): void {
    if (part === this || part.h === undefined) return;
    // With all places from the beginning: a part far behind the others would make a slow, sparse array of it.
    this.h ??= Array.from<FloatHistogram | undefined>({ length: this.length });
    for (let step = 0; step < part.length; step++) this.h[from + step] = part.h[step];
  }

  clear(): void {
    this.kind.fill(StepKind.absent);
    this.h = undefined;
  }

  setFloat(step: number, value: number): void {
    this.kind[step] = StepKind.float;
    this.v[step] = value;
  }

  setHistogram(step: number, histogram: FloatHistogram): void {
    this.kind[step] = StepKind.histogram;
    this.h ??= [];
    this.h[step] = histogram;
  }

  copyFrom(source: StepRow): void {
    this.kind.set(source.kind);
    this.v.set(source.v);
    this.h = source.h?.slice();
  }
}
