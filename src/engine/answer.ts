import type { Annotation } from '../model/annotations.ts';
import type { FloatHistogram } from '../model/histogram/float-histogram.ts';
import type { Labels } from '../model/labels.ts';
import type { SampleColumns } from '../model/sample-columns.ts';
import type { QueryAnalysis } from './analysis.ts';

/** What a query evaluates to, with the words of the HTTP API's `resultType`. Times are ms since the epoch. */
export type QueryValue =
  | { readonly kind: 'scalar'; readonly t: number; readonly v: number }
  | { readonly kind: 'string'; readonly t: number; readonly value: string }
  | { readonly kind: 'vector'; readonly samples: readonly VectorSample[] }
  | { readonly kind: 'matrix'; readonly series: readonly MatrixSeries[] };

/** One element of an instant vector: `h` where it is a histogram, `v` otherwise. */
export interface VectorSample {
  readonly labels: Labels;
  readonly t: number;
  readonly v: number;
  readonly h: FloatHistogram | undefined;
}

/** One series of a range vector or range result; only the steps or samples that are there. */
export interface MatrixSeries {
  readonly labels: Labels;
  readonly columns: SampleColumns;
}

export interface QueryAnswer {
  readonly value: QueryValue;
  readonly annotations: readonly Annotation[];
  readonly stats: QueryStats;
  /** So long behind the last sample that it looks at, ms, samples that come may still change it; undefined means 0. */
  readonly settleMs?: number | undefined;
  /** What each part of the query cost, where that was asked for. */
  readonly analysis?: QueryAnalysis | undefined;
}

/** What the query cost, as `stats=all` reports it. */
export interface QueryStats {
  /** Samples read, summed over all steps (Prometheus' totalQueryableSamples). */
  readonly totalQueryableSamples: number;
  readonly peakSamples: number;
  /** One count a step, where per-step statistics were asked for. */
  readonly perStep: Float64Array | undefined;
  /** Steps whose results were evaluated before and kept; absent where none are kept of such queries. */
  readonly keptSteps?: number | undefined;
  /** Those of them that came from where several gateways keep results. */
  readonly sharedSteps?: number | undefined;
  /** Milliseconds by phase. */
  readonly timings: Readonly<Record<'prepare' | 'select' | 'evaluate' | 'total', number>>;
}
