import type { DurationExpr, Expr, SelectorModifiers, VectorMatching, VectorSelector } from './ast.ts';
import { FUNCTIONS } from './functions.ts';
import { MAX_LEVELS, tooDeep } from './nesting.ts';
import { formatPlain, formatShifted } from './print/format-number.ts';
import { foldTree } from './fold-tree.ts';
import { children } from './walk.ts';

/** What JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

interface Part {
  readonly tree: Json;
  readonly depth: number;
}

/**
 * An expression as Prometheus' /api/v1/parse_query answers it (web/api/v1/translate_ast.go). Durations are in ms, numbers
 * are text. Throws QueryError `too_large` for a tree deeper than {@link MAX_LEVELS}.
 */
export function toParseTree(root: Expr): Json {
  return foldTree<Expr, Part>(root, children, (expr, parts) => {
    const depth = 1 + parts.reduce((deepest, part) => Math.max(deepest, part.depth), 0);
    if (depth > MAX_LEVELS) throw tooDeep('its tree cannot be shown');
    return {
      depth,
      tree: nodeOf(
        expr,
        parts.map((part) => part.tree),
      ),
    };
  }).tree;
}

function nodeOf(expr: Expr, parts: readonly Json[]): Json {
  switch (expr.kind) {
    case 'number':
      return { type: 'numberLiteral', val: formatPlain(expr.value) };
    case 'string':
      return { type: 'stringLiteral', val: expr.value.toWellFormed() };
    case 'vectorSelector':
      return { type: 'vectorSelector', ...selectorFields(expr) };
    case 'matrixSelector':
      return {
        type: 'matrixSelector',
        ...selectorFields(expr.selector),
        ...durationFields('range', expr.range),
      };
    case 'subquery':
      return {
        type: 'subquery',
        expr: parts[0]!,
        ...durationFields('range', expr.range),
        ...durationFields('step', expr.step),
        ...modifierFields(expr.modifiers),
      };
    case 'paren':
      return { type: 'parenExpr', expr: parts[0]! };
    case 'unary':
      return { type: 'unaryExpr', op: expr.op, expr: parts[0]! };
    case 'binary': {
      const matching = expr.matching === undefined ? null : matchingFields(expr.matching);
      return {
        type: 'binaryExpr',
        op: expr.op,
        lhs: parts[0]!,
        rhs: parts[1]!,
        matching,
        bool: expr.returnBool,
      };
    }
    case 'aggregate': {
      const { op, grouping, without } = expr;
      return { type: 'aggregation', op, expr: parts[0]!, param: parts[1] ?? null, grouping, without };
    }
    case 'call': {
      const { args: argTypes, returns: returnType, variadic } = FUNCTIONS.get(expr.func)!;
      return { type: 'call', func: { name: expr.func, argTypes, variadic, returnType }, args: parts };
    }
  }
}

function selectorFields({ name, matchers, modifiers, extent }: VectorSelector): Record<string, Json> {
  return {
    name,
    matchers: matchers.map((matcher) => ({
      name: matcher.name,
      value: matcher.value.toWellFormed(),
      type: matcher.kind,
    })),
    ...modifierFields(modifiers),
    anchored: extent === 'anchored',
    smoothed: extent === 'smoothed',
  };
}

function modifierFields({ offset, at }: SelectorModifiers): Record<string, Json> {
  return {
    ...durationFields('offset', offset),
    timestamp: typeof at === 'number' ? at : null,
    startOrEnd: typeof at === 'string' ? at : null,
  };
}

/** `<name>` holds the ms of a literal, `<name>Expr` a computed duration. */
function durationFields(name: string, duration: DurationExpr | undefined): Record<string, Json> {
  if (duration?.kind === 'literal') return { [name]: Math.trunc(duration.ms), [`${name}Expr`]: null };
  return { [name]: 0, [`${name}Expr`]: duration === undefined ? null : durationNode(duration, false) };
}

function durationNode(duration: DurationExpr, wrapped: boolean): Json {
  const node = (op: string, lhs: Json, rhs: Json): Json => ({ type: 'durationExpr', op, lhs, rhs, wrapped });
  switch (duration.kind) {
    case 'literal': {
      const { ms, isDuration } = duration;
      return { type: 'numberLiteral', val: formatShifted(ms, -3), duration: isDuration };
    }
    case 'step':
    case 'range':
      return node(duration.kind, null, null);
    case 'negate':
    case 'plus':
      return node(duration.kind === 'plus' ? '+' : '-', null, durationNode(duration.operand, false));
    case 'wrapped':
      return durationNode(duration.operand, true);
    case 'min':
    case 'max':
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '^': {
      const op = duration.kind === 'min' || duration.kind === 'max' ? `${duration.kind}_of` : duration.kind;
      return node(op, durationNode(duration.left, false), durationNode(duration.right, false));
    }
  }
}

function matchingFields({ cardinality, labels, on, include, fillLeft, fillRight }: VectorMatching): Json {
  const fillValues = { lhs: fillLeft ?? null, rhs: fillRight ?? null };
  return { card: cardinality, labels, on, include, fillValues };
}
