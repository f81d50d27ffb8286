import { METRIC_NAME } from '../../model/labels.ts';
import type { Aggregate, Binary, Call, DurationExpr, Expr, VectorSelector } from '../../promql/ast.ts';
import { foldTree } from '../../promql/fold-tree.ts';
import { FUNCTIONS } from '../../promql/functions.ts';
import { children, walk } from '../../promql/walk.ts';

/** Which name the series of an expression have: all the same, none (empty text), or several, which may also be unknown. */
type Names = string | typeof SEVERAL;

const SEVERAL = Symbol('several');
const NAMELESS = '';

/** Their values are the same at all steps, and other ones for another range: `step` is 0 where that is one step alone. */
const OF_THE_RANGE: ReadonlySet<string> = new Set(['start', 'end', 'range', 'step']);

/**
 * What they refuse, and what they choose, may depend on series of other steps: `label_replace` and `label_join` refuse two series that
 * become one, even where these never are there at the same time, and the others see all series of the range.
 */
const OF_ALL_SERIES: ReadonlySet<string> = new Set(['info', 'label_join', 'label_replace']);

/** They leave the names of series as they are. */
const KEEP_NAMES: ReadonlySet<string> = new Set(['first_over_time', 'last_over_time']);

const CHOOSE_SERIES: ReadonlySet<string> = new Set(['topk', 'bottomk', 'limitk', 'limit_ratio']);

/**
 * Whether the value of an expression at a step follows from the samples and from the time of the step alone, so that it is the same
 * whatever range it is evaluated in. An expression of which that is not certain is none.
 */
export function isStepwise(expr: Expr): boolean {
  for (const node of walk(expr)) if (!isNodeStepwise(node)) return false;
  return !mayCollide(expr);
}

function isNodeStepwise(node: Expr): boolean {
  switch (node.kind) {
    case 'vectorSelector':
      return node.modifiers.at === undefined && isFixed(node.modifiers.offset);
    case 'matrixSelector':
      return isFixed(node.range);
    case 'subquery':
      return (
        node.modifiers.at === undefined &&
        isFixed(node.modifiers.offset) &&
        isFixed(node.range) &&
        isFixed(node.step)
      );
    case 'call':
      return !OF_THE_RANGE.has(node.func) && !OF_ALL_SERIES.has(node.func);
    case 'aggregate':
      return node.op !== 'limitk';
    case 'number':
    case 'string':
    case 'paren':
    case 'unary':
    case 'binary':
      return true;
  }
}

/** A computed duration may depend on the range. */
function isFixed(duration: DurationExpr | undefined): boolean {
  return duration === undefined || duration.kind === 'literal';
}

/**
 * Whether series of two names may become one by losing them. Prometheus refuses that for functions of ranges and for signs, and also
 * where the two are never there at the same step.
 */
function mayCollide(root: Expr): boolean {
  let collides = false;
  foldTree<Expr, Names>(root, children, (node, of) => {
    const losesNames =
      (node.kind === 'unary' && node.op === '-') ||
      (node.kind === 'call' && isOfRange(node) && !keepsNames(node));
    if (losesNames && of.includes(SEVERAL)) collides = true;
    return namesOf(node, of);
  });
  return collides;
}

function isOfRange({ func }: Call): boolean {
  return FUNCTIONS.get(func)?.args.includes('matrix') ?? true;
}

function keepsNames({ func }: Call): boolean {
  return KEEP_NAMES.has(func);
}

/** @param of those of what is directly inside, in the order of `children`. */
function namesOf(node: Expr, of: readonly Names[]): Names {
  switch (node.kind) {
    case 'number':
    case 'string':
      return NAMELESS;
    case 'vectorSelector':
      return nameOfSelector(node);
    case 'matrixSelector':
    case 'subquery':
    case 'paren':
      return of[0]!;
    case 'unary':
      return node.op === '-' ? NAMELESS : of[0]!;
    case 'binary':
      return namesOfBinary(node, of[0]!, of[1]!);
    case 'aggregate':
      return namesOfAggregate(node, of[0]!);
    case 'call':
      return keepsNames(node) || node.func.startsWith('sort') ? of[0]! : NAMELESS;
  }
}

function nameOfSelector({ matchers }: VectorSelector): Names {
  const exact = matchers.find(
    ({ name, kind, value }) => name === METRIC_NAME && kind === '=' && value !== '',
  );
  return exact?.value ?? SEVERAL;
}

function namesOfBinary({ op, returnBool, matching }: Binary, left: Names, right: Names): Names {
  switch (op) {
    case 'and':
    case 'unless':
      return left;
    case 'or':
      return same(left, right);
    case '==':
    case '!=':
    case '>':
    case '<':
    case '>=':
    case '<=':
      if (returnBool) return NAMELESS;
      // Numbers have no names, so those of the other side stay.
      return matching === undefined ? left || right : same(left, right);
    default:
      return NAMELESS;
  }
}

function namesOfAggregate({ op, grouping, without, param }: Aggregate, inner: Names): Names {
  if (op === 'count_values' && (param?.kind !== 'string' || param.value === METRIC_NAME)) return SEVERAL;
  if (CHOOSE_SERIES.has(op)) return inner;
  return !without && grouping.includes(METRIC_NAME) ? SEVERAL : NAMELESS;
}

/** A series of one side may have what one of the other side has but for the name. */
function same(left: Names, right: Names): Names {
  return left === right ? left : SEVERAL;
}
