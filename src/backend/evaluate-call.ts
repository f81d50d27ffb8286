import type { Labels } from '../model/labels.ts';
import type { RequestScope } from '../model/request-scope.ts';
import type { SampleColumns } from '../model/sample-columns.ts';
import type { Answered } from './answered.ts';

/** What a server is to evaluate, and when: times in ms since the epoch, durations in ms. */
export interface EvaluateRequest {
  readonly text: string;
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
  readonly step: number;
  readonly lookbackDelta: number;
}

export interface EvaluatedSeries {
  /** As the server has them: without its external labels, but for `Backend.evaluatesWithExternalLabels`. */
  readonly labels: Labels;
  readonly values: SampleColumns;
}

export interface Evaluated {
  readonly series: readonly EvaluatedSeries[];
  /** False where the server says anything beside its answer, or where a value is no float. */
  readonly isPlain: boolean;
  /** Bytes received. */
  readonly bytes: number;
}

/** Evaluates a query by the server, whose semantics are those of the engine. */
export type EvaluateCall = (scope: RequestScope, request: EvaluateRequest) => Answered<Evaluated>;
