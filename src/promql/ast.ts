import type { TextRange } from '../model/annotations.ts';
import type { Matcher } from '../model/matcher.ts';

/** The types of PromQL values, with the words that Prometheus' error texts use. */
export type ValueType = 'scalar' | 'vector' | 'matrix' | 'string';

/**
 * An expression as it was written: nothing is resolved here (`@ start()`, duration expressions and inherited
 * offsets are the plan's business). Nodes are readonly data; every switch over `kind` is exhaustive.
 * `at` is the node's range in the query text (UTF-16 offsets), as Prometheus' PositionRange.
 */
export type Expr =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | MatrixSelector
  | Subquery
  | Paren
  | Unary
  | Binary
  | Aggregate
  | Call;

export interface NumberLiteral {
  readonly kind: 'number';
  readonly at: TextRange;
  readonly value: number;
  /** Written as a duration (`5m`), so it is printed as one; `value` is in seconds. */
  readonly isDuration: boolean;
}

export interface StringLiteral {
  readonly kind: 'string';
  readonly at: TextRange;
  readonly value: string;
}

export interface VectorSelector {
  readonly kind: 'vectorSelector';
  readonly at: TextRange;
  /** The metric name where it stood in front of the braces; it is in `matchers` as well. */
  readonly name: string;
  readonly matchers: readonly Matcher[];
  readonly modifiers: SelectorModifiers;
  /** `anchored` or `smoothed` behind a selector (feature `promql-extended-range-selectors`). */
  readonly extent: 'anchored' | 'smoothed' | undefined;
  /** Set on the second argument of `info()`, which may be `{}`-like. */
  readonly mayMatchEmpty: boolean;
}

export interface MatrixSelector {
  readonly kind: 'matrixSelector';
  readonly at: TextRange;
  readonly selector: VectorSelector;
  readonly range: DurationExpr;
}

export interface Subquery {
  readonly kind: 'subquery';
  readonly at: TextRange;
  readonly expr: Expr;
  readonly range: DurationExpr;
  /** Undefined where the query leaves it to the server's default evaluation interval. */
  readonly step: DurationExpr | undefined;
  readonly modifiers: SelectorModifiers;
}

export interface SelectorModifiers {
  readonly offset: DurationExpr | undefined;
  /** `@`: a fixed time in ms since the epoch, or the query's start or end. */
  readonly at: number | 'start' | 'end' | undefined;
}

/** A duration, literal or computed (feature `promql-duration-expr`); literals hold milliseconds. */
export type DurationExpr =
  | { readonly kind: 'literal'; readonly at: TextRange; readonly ms: number; readonly isDuration: boolean }
  | { readonly kind: 'step' | 'range'; readonly at: TextRange }
  | { readonly kind: 'negate' | 'plus'; readonly at: TextRange; readonly operand: DurationExpr }
  | { readonly kind: 'wrapped'; readonly at: TextRange; readonly operand: DurationExpr }
  | {
      readonly kind: '+' | '-' | '*' | '/' | '%' | '^' | 'min' | 'max';
      readonly at: TextRange;
      readonly left: DurationExpr;
      readonly right: DurationExpr;
    };

export interface Paren {
  readonly kind: 'paren';
  readonly at: TextRange;
  readonly expr: Expr;
}

export interface Unary {
  readonly kind: 'unary';
  readonly at: TextRange;
  readonly op: '+' | '-';
  readonly expr: Expr;
}

export type ArithmeticOp = '+' | '-' | '*' | '/' | '%' | '^' | 'atan2';
export type ComparisonOp = '==' | '!=' | '>' | '<' | '>=' | '<=';
export type SetOp = 'and' | 'or' | 'unless';
/** Trimming operators of native histograms. */
export type TrimOp = '</' | '>/';
export type BinaryOp = ArithmeticOp | ComparisonOp | SetOp | TrimOp;

export interface Binary {
  readonly kind: 'binary';
  readonly at: TextRange;
  readonly op: BinaryOp;
  readonly left: Expr;
  readonly right: Expr;
  /** Set exactly where both sides are vectors. */
  readonly matching: VectorMatching | undefined;
  /** `bool`: a comparison gives 0 or 1 instead of filtering. */
  readonly returnBool: boolean;
}

export interface VectorMatching {
  readonly cardinality: 'one-to-one' | 'many-to-one' | 'one-to-many' | 'many-to-many';
  /** `on (labels)` if true, `ignoring (labels)` otherwise. */
  readonly on: boolean;
  readonly labels: readonly string[];
  /** Labels of `group_left`/`group_right` to take from the one side. */
  readonly include: readonly string[];
  /** `fill` modifiers (feature `promql-binop-fill-modifiers`): values for a missing side. */
  readonly fillLeft: number | undefined;
  readonly fillRight: number | undefined;
}

export type AggregateOp =
  | 'sum'
  | 'avg'
  | 'count'
  | 'min'
  | 'max'
  | 'group'
  | 'stddev'
  | 'stdvar'
  | 'topk'
  | 'bottomk'
  | 'count_values'
  | 'quantile'
  | 'limitk'
  | 'limit_ratio';

export interface Aggregate {
  readonly kind: 'aggregate';
  readonly at: TextRange;
  readonly op: AggregateOp;
  readonly expr: Expr;
  readonly param: Expr | undefined;
  readonly grouping: readonly string[];
  /** `without (grouping)` if true, `by (grouping)` otherwise. */
  readonly without: boolean;
}

export interface Call {
  readonly kind: 'call';
  readonly at: TextRange;
  /** Signature and return type stand in `functions.ts` under this name. */
  readonly func: string;
  readonly args: readonly Expr[];
}
