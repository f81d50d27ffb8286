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

  constructor(length: number) {
    this.length = length;
    this.kind = new Uint8Array(length);
    this.v = new Float64Array(length);
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
