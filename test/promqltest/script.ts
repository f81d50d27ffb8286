import type { FloatHistogram } from '../../src/model/histogram/float-histogram.ts';
import type { Labels } from '../../src/model/labels.ts';

/** A test script of the PromQL scripting language: its commands in order. Times are ms since the epoch. */
export type Command = ClearCommand | LoadCommand | EvalCommand;

export interface ClearCommand {
  readonly kind: 'clear';
}

export interface LoadCommand {
  readonly kind: 'load';
  /** ms between two points. */
  readonly interval: number;
  /** Adds native histograms with custom buckets made of the classic ones. */
  readonly withCustomBuckets: boolean;
  readonly series: readonly LoadedSeries[];
}

export interface LoadedSeries {
  readonly labels: Labels;
  readonly points: readonly Point[];
  /** Start timestamps, ms relative to each point; undefined where there is none. */
  readonly starts: readonly (number | undefined)[] | undefined;
}

/** One position of a sequence. */
export type Point =
  | { readonly kind: 'gap' }
  | { readonly kind: 'float'; readonly value: number }
  | {
      readonly kind: 'histogram';
      readonly histogram: FloatHistogram;
      /** Whether the reset hint was written down, hence is compared. */
      readonly hintGiven: boolean;
    };

export interface EvalCommand {
  readonly kind: 'eval';
  /** Counted from 1. */
  readonly line: number;
  readonly expr: string;
  readonly isRange: boolean;
  readonly start: number;
  readonly end: number;
  /** 0 for instant queries. */
  readonly step: number;
  readonly expected: Expected;
}

export interface Expected {
  readonly ordered: boolean;
  /** Set where the query has to fail; the message is checked where a matcher is given. */
  readonly failure: TextMatcher | undefined;
  /** Each has to match one remark, and each remark one of them; undefined where remarks are not looked at. */
  readonly warnings: readonly TextMatcher[] | undefined;
  readonly infos: readonly TextMatcher[] | undefined;
  /** The older form: at least one remark. */
  readonly someWarning: boolean;
  readonly someInfo: boolean;
  readonly value: ExpectedValue;
}

/** Any text, exactly one, or what a pattern finds. */
export type TextMatcher =
  | { readonly kind: 'any' }
  | { readonly kind: 'exact'; readonly text: string }
  | { readonly kind: 'pattern'; readonly pattern: RegExp };

export type ExpectedValue =
  | { readonly kind: 'scalar'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'series'; readonly series: readonly ExpectedSeries[]; readonly times: TimeAxis };

/** The times of the points of a series, ms; `step` 0 means that there is one only. */
export interface TimeAxis {
  readonly start: number;
  readonly end: number;
  readonly step: number;
  /** A range vector of an instant query. */
  readonly isRangeVector: boolean;
}

export interface ExpectedSeries {
  readonly labels: Labels;
  readonly points: readonly Point[];
}
