import type { TextRange } from '../model/annotations.ts';
import type { Matcher } from '../model/matcher.ts';
import type { AggregateOp, BinaryOp, ValueType, VectorMatching } from '../promql/ast.ts';

/**
 * A query ready to run: every time and duration is a number of ms, parentheses are gone, parts that are the same at
 * every step are marked. Readonly data; `at` is the place in the query text that remarks point to.
 */
export type PlanNode =
  | NumberNode
  | StringNode
  | VectorSelectNode
  | MatrixSelectNode
  | SubqueryNode
  | UnaryNode
  | BinaryNode
  | AggregateNode
  | CallNode
  | InfoNode
  | StepInvariantNode
  | MergeNode
  | AverageNode;

export interface NumberNode {
  readonly kind: 'number';
  readonly at: TextRange;
  readonly value: number;
}

export interface StringNode {
  readonly kind: 'string';
  readonly at: TextRange;
  readonly value: string;
}

/** When a selector or subquery looks, ms: at step time t it is as if evaluated at `(time ?? t) - offset`. */
export interface TimeShift {
  readonly offset: number;
  /** The `@` modifier, ms since the epoch. */
  readonly time: number | undefined;
  /**
   * True inside an aggregation's parameter. Prometheus 3.14 does not look there for parts that are the same at every
   * step. So `time` holds for the first step, and moves on with the others over samples that were fetched for the
   * first.
   */
  readonly inParameter: boolean;
}

export interface VectorSelectNode {
  readonly kind: 'vectorSelect';
  readonly at: TextRange;
  readonly name: string;
  readonly matchers: readonly Matcher[];
  readonly shift: TimeShift;
  readonly extent: 'anchored' | 'smoothed' | undefined;
  /** Index into the plan's selects; -1 until they are assigned. */
  readonly select: number;
  /** Of histograms only count, sum and reset hint are wanted. */
  readonly statsOnly: boolean;
}

export interface MatrixSelectNode {
  readonly kind: 'matrixSelect';
  readonly at: TextRange;
  readonly selector: VectorSelectNode;
  /** ms. */
  readonly range: number;
}

export interface SubqueryNode {
  readonly kind: 'subquery';
  readonly at: TextRange;
  readonly child: PlanNode;
  /** ms. */
  readonly range: number;
  /** ms; undefined, or 0 for less than a millisecond, leaves it to the server's default. */
  readonly step: number | undefined;
  readonly shift: TimeShift;
}

export interface UnaryNode {
  readonly kind: 'unary';
  readonly at: TextRange;
  readonly op: '+' | '-';
  readonly child: PlanNode;
  readonly returns: ValueType;
}

export interface BinaryNode {
  readonly kind: 'binary';
  readonly at: TextRange;
  readonly op: BinaryOp;
  readonly left: PlanNode;
  readonly right: PlanNode;
  /** Set exactly where both sides are vectors. */
  readonly matching: VectorMatching | undefined;
  readonly returnBool: boolean;
  readonly returns: ValueType;
}

export interface AggregateNode {
  readonly kind: 'aggregate';
  readonly at: TextRange;
  readonly op: AggregateOp;
  readonly child: PlanNode;
  readonly param: PlanNode | undefined;
  readonly grouping: readonly string[];
  readonly without: boolean;
}

export interface CallNode {
  readonly kind: 'call';
  readonly at: TextRange;
  readonly func: string;
  readonly args: readonly PlanNode[];
  readonly returns: ValueType;
}

/** `info(child, {matchers})`: selects the info series itself, once it knows its child's series. */
export interface InfoNode {
  readonly kind: 'info';
  readonly at: TextRange;
  readonly child: PlanNode;
  /** Undefined where the call names no selector. */
  readonly matchers: readonly Matcher[] | undefined;
}

/** Computed once, at the first step, and repeated for the others. */
export interface StepInvariantNode {
  readonly kind: 'stepInvariant';
  readonly at: TextRange;
  readonly child: PlanNode;
  readonly returns: ValueType;
}

/**
 * An aggregation of which servers may compute parts: each part is one of some series, and the parts of all make the whole. What no
 * server computes is aggregated here, and is one part more.
 */
export interface MergeNode {
  readonly kind: 'merge';
  readonly at: TextRange;
  /** Has one selector. */
  readonly child: AggregateNode;
  /** The select of that selector, and which of its parts this is; -1 until they are assigned. */
  readonly select: number;
  readonly partial: number;
}

/** An average: of the series themselves where all of them are read here, else the quotient of what was merged. */
export interface AverageNode {
  readonly kind: 'average';
  readonly at: TextRange;
  /** Has one selector, the same as the quotient. */
  readonly whole: AggregateNode;
  readonly quotient: BinaryNode;
  /** The select of that selector; -1 until it is assigned. */
  readonly select: number;
}

export function planChildren(node: PlanNode): readonly PlanNode[] {
  switch (node.kind) {
    case 'number':
    case 'string':
    case 'vectorSelect':
      return [];
    case 'matrixSelect':
      return [node.selector];
    case 'subquery':
    case 'unary':
    case 'info':
    case 'stepInvariant':
    case 'merge':
      return [node.child];
    case 'average':
      return [node.whole, node.quotient];
    case 'binary':
      return [node.left, node.right];
    case 'aggregate':
      return node.param === undefined ? [node.child] : [node.child, node.param];
    case 'call':
      return node.args;
  }
}

/** The same node over other children, given in the order of {@link planChildren}. */
export function withChildren(node: PlanNode, children: readonly PlanNode[]): PlanNode {
  switch (node.kind) {
    case 'number':
    case 'string':
    case 'vectorSelect':
      return node;
    case 'matrixSelect':
      return { ...node, selector: children[0] as VectorSelectNode };
    case 'subquery':
    case 'unary':
    case 'info':
    case 'stepInvariant':
      return { ...node, child: children[0]! };
    case 'merge':
      return { ...node, child: children[0] as AggregateNode };
    case 'average':
      return { ...node, whole: children[0] as AggregateNode, quotient: children[1] as BinaryNode };
    case 'binary':
      return { ...node, left: children[0]!, right: children[1]! };
    case 'aggregate':
      return { ...node, child: children[0]!, param: children[1] };
    case 'call':
      return { ...node, args: children };
  }
}

/** The type of the value that a node yields. */
export function planType(node: PlanNode): ValueType {
  switch (node.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'matrixSelect':
    case 'subquery':
      return 'matrix';
    case 'vectorSelect':
    case 'aggregate':
    case 'info':
    case 'merge':
    case 'average':
      return 'vector';
    case 'unary':
    case 'binary':
    case 'call':
    case 'stepInvariant':
      return node.returns;
  }
}
