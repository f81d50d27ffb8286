import type { QueryAnswer } from '../engine/answer.ts';
import type { SeriesSource } from '../engine/source.ts';
import type { Clock } from '../model/clock.ts';
import type { ErrorKind } from '../model/errors.ts';
import type { Matcher } from '../model/matcher.ts';
import type { Expr, ValueType } from '../promql/ast.ts';
import type { Selection, SelectionOptions } from '../select/selection.ts';
import type { Timer } from './deadline.ts';

/** What a gateway is made of. */
export interface GatewayParts {
  readonly selection: Selection;
  readonly language: Language;
  readonly evaluate: Evaluate;
  readonly limits: GatewayLimits;
  /** How replicas and failures are treated where a request does not say. */
  readonly defaults: SelectionOptions;
  readonly clock: Clock;
  readonly timer: Timer;
  /** Called once a query, whatever became of it. */
  readonly onQuery?: ((event: QueryEvent) => void) | undefined;
}

export interface GatewayLimits {
  /** Longest time of one request in ms, waiting for its turn included. */
  readonly timeout: number;
  /** Queries that are evaluated at the same time. */
  readonly maxConcurrent: number;
}

/** PromQL as the server's features allow it. Errors are `bad_data` with Prometheus' sentences. */
export interface Language {
  parse(text: string): Expr;
  parseSelector(text: string): readonly Matcher[];
  typeOf(expr: Expr): ValueType;
  matchesEmpty(matcher: Matcher): boolean;
  prettyPrint(expr: Expr): string;
  toParseTree(expr: Expr): ParseTree;
}

/** A parsed query as plain JSON values. */
export type ParseTree =
  | string
  | number
  | boolean
  | null
  | readonly ParseTree[]
  | { readonly [member: string]: ParseTree };

export type Evaluate = (
  query: EvaluableQuery,
  source: SeriesSource,
  signal: AbortSignal,
) => Promise<QueryAnswer>;

/** Times in ms since the epoch; `step` in ms, 0 for instant queries, which have `start` = `end`. */
export interface EvaluableQuery {
  readonly text: string;
  readonly expr: Expr;
  readonly start: number;
  readonly end: number;
  readonly step: number;
  readonly lookbackDelta?: number;
}

/** For metrics and logs. Durations in ms. */
export interface QueryEvent {
  readonly family: 'instant' | 'range';
  readonly text: string;
  readonly queuedMs: number;
  readonly totalMs: number;
  readonly samples: number;
  /** Undefined where the query was answered. */
  readonly error: ErrorKind | undefined;
}
