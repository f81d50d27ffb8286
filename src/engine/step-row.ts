import type { FloatHistogram } from '../model/histogram/float-histogram.ts';
import { HistogramColumn } from '../model/histogram/histogram-column.ts';

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
  h: HistogramColumn | undefined = undefined;
  /** The memory of histograms that are forgotten. */
  #spare: HistogramColumn | undefined = undefined;

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
    const histograms = this.histograms();
    if (histograms.length <= from) {
      histograms.append(from, part.h, 0, part.length);
      return;
    }
    for (let step = 0; step < part.length; step++) {
      if (part.h.has(step)) histograms.copy(from + step, part.h, step);
      else if (histograms.has(from + step)) histograms.unset(from + step);
    }
  }

  clear(): void {
    this.kind.fill(StepKind.absent);
    this.clearHistograms();
  }

  setFloat(step: number, value: number): void {
    this.kind[step] = StepKind.float;
    this.v[step] = value;
  }

  setHistogram(step: number, histogram: FloatHistogram): void {
    this.kind[step] = StepKind.histogram;
    this.histograms().set(step, histogram);
  }

  /** The column of histograms, which is there from now on. Whoever writes a step of it sets its kind. */
  histograms(): HistogramColumn {
    this.#spare ??= new HistogramColumn(this.length);
    this.h ??= this.#spare;
    return this.h;
  }

  /** Takes the step from place `from` of another row or of a series. */
  copyHistogram(step: number, source: HistogramColumn, from: number): void {
    this.kind[step] = StepKind.histogram;
    this.histograms().copy(step, source, from);
  }

  /** Takes the histogram of the step before once more; the buckets are shared. */
  repeatHistogram(step: number): void {
    this.kind[step] = StepKind.histogram;
    this.histograms().repeat(step);
  }

  clearHistograms(): void {
    this.h?.clear();
    this.h = undefined;
  }

  copyFrom(source: StepRow): void {
    this.kind.set(source.kind);
    this.v.set(source.v);
    this.clearHistograms();
    if (source.h !== undefined) this.histograms().append(0, source.h, 0, source.length);
  }
}
