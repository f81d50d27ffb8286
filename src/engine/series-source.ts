import type { Annotation } from '../model/annotations.ts';
import type { Labels } from '../model/labels.ts';
import type { ItemList } from '../model/lazy-list.ts';
import type { Matcher } from '../model/matcher.ts';
import type { Pace } from '../model/pacer.ts';
import type { SampleBuffer, SampleColumns } from '../model/sample-columns.ts';
import type { TimeRange } from '../model/time-range.ts';
import type { AggregateNode } from '../plan/plan-node.ts';
import type { Leaf } from './leaf/leaf.ts';
import type { RowSinks, RowStream } from './row-stream.ts';

/** Where the engine gets its samples from: the port that the selection layer implements. */
export interface SeriesSource {
  /**
   * True: what comes back depends on the hints, so selectors in different functions need a select each. Undefined means
   * false: one select serves all selectors of the same series and range, with empty hints.
   */
  readonly readsByFunction?: boolean | undefined;
  /** Whether it may answer with parts of aggregations. Undefined means false. */
  readonly distributes?: boolean | undefined;
  /**
   * Selects the series with samples in [minTime, maxTime]. Resolves when everything has arrived (still compressed);
   * rejects with a QueryError where the answer may not be given at all.
   */
  select(request: SelectRequest, signal: AbortSignal): Promise<SelectedSet>;
}

/** Lookback, range and offset are already in the time range. */
export interface SelectRequest extends TimeRange {
  readonly matchers: readonly Matcher[];
  readonly hints: SelectHints;
  /**
   * For so long behind `minTime` only the newest sample of a series is needed, ms: an instant vector looks no further back than to that.
   * Undefined means 0: all samples are needed.
   */
  readonly lookback?: number | undefined;
  /** Lets the source answer for some of the series with parts of aggregations over them; undefined where it may not. */
  readonly partials?: PartialsRequest | undefined;
  /** Which select of the plan it is; undefined for those that the plan does not know. For people who look on, and never for answers. */
  readonly number?: number | undefined;
}

/** Parts of aggregations that serve as well as the series. */
export interface PartialsRequest {
  /** Each has one selector, which is that of the request. */
  readonly queries: readonly AggregateNode[];
  /** When they are evaluated, ms since the epoch; the end is that of the last step. */
  readonly start: number;
  readonly end: number;
  /** ms. */
  readonly step: number;
  readonly lookbackDelta: number;
}

/** The steps [from, to) of a grid. */
export interface StepRange {
  readonly from: number;
  readonly to: number;
}

/** A group of a part of an aggregation. */
export interface PartialSeries {
  /** Those by which the aggregation groups. */
  readonly labels: Labels;
  /** Floats at steps of the request. */
  readonly values: SampleColumns;
}

/** What becomes of the samples; empty unless {@link SeriesSource.readsByFunction}. */
export interface SelectHints {
  /** Length of the range selector in ms; 0 for instant vectors. */
  readonly range: number;
  /** Innermost function or aggregation around the selector; empty where there is none. */
  readonly func: string;
}

/** May have several readers, which read the same series in turns. */
export interface SelectedSet {
  /** Sorted by labels, each label set once. */
  readonly series: ItemList<SelectedSeries>;
  /**
   * What stands for series that are not among `series`, and for some steps of those that are, by the queries of the request; groups may
   * come more than once. Undefined where nothing does.
   */
  readonly partials?: readonly (readonly PartialSeries[])[] | undefined;
  /**
   * At which steps of the request for parts a series counts, by its place among `series`: parts stand for it at the others. Undefined for a
   * series that counts at all steps; left out where all do.
   */
  readonly stepsOf?: ((series: number) => StepRange | undefined) | undefined;
  /** Whether all series have the same metric identity, so that they still differ without it. Left out where nobody knows. */
  readonly isOneMetric?: boolean;
  /**
   * So long after its time, ms, samples that come may still change which replica a sample is taken from. Infinity where that is not known;
   * undefined means 0.
   */
  readonly settleMs?: number | undefined;
  /**
   * What the reader of the answer must know: missing shards, fallbacks. Look here after the last `read()`: a replica
   * whose chunks turn out to be malformed adds its remark then (or `read` throws `unavailable`).
   */
  readonly annotations: readonly Annotation[];
  /**
   * The rows of a leaf over all series, made on other threads; undefined where that is not worth it. The same bits as those
   * made here, the same remarks and counts.
   */
  rows?(leaf: Leaf, sinks: RowSinks): RowStream | undefined;
}

/** Also the head of an operator's series: its values are what its name says. The same series may be several objects. */
export interface SelectedSeries {
  /** May be made anew each time it is asked for. */
  readonly labels: Labels;
  readonly metricName?: string;
  readonly labelOf?: (name: string) => string;
  readonly dropName: false;
  /**
   * Decodes, merges and deduplicates the samples into `target` (which it clears first): synchronous, pure, and
   * callable again. Samples outside of [minTime, maxTime] of the request may be there; stale markers are.
   */
  read(target: SampleBuffer): void;
  /**
   * Does what `read` does, and gives way on the way where the series is long. What comes back is a promise for such alone, since waiting
   * costs a short one more than reading it. Where it is left out, no series is long.
   */
  readonly readPaced?: ((target: SampleBuffer, pace: Pace) => void | Promise<void>) | undefined;
}

/** Reads a series as {@link SelectedSeries.readPaced} does. */
export function readGivingWay(
  series: SelectedSeries,
  target: SampleBuffer,
  pace: Pace,
): void | Promise<void> {
  if (series.readPaced !== undefined) return series.readPaced(target, pace);
  series.read(target);
}
