import type { ArithmeticOp, BinaryOp, ComparisonOp } from '../../promql/ast.ts';
import type { BinaryNode, CallNode, PlanNode, VectorSelectNode } from '../plan-node.ts';
import { isLabelCall } from './label-names.ts';

/**
 * Functions of one range vector that give each series a float of its own samples alone. Those that see the whole vector, as
 * `absent_over_time`, or that are experiments, which a server may not have, are none of them.
 */
const OF_RANGES: ReadonlySet<string> = new Set(
  (
    'rate increase delta irate idelta changes resets ' +
    'sum_over_time avg_over_time min_over_time max_over_time count_over_time last_over_time present_over_time quantile_over_time'
  ).split(' '),
);

/** Functions of one vector whose results are exact, and so the same on every machine. */
const OF_VECTORS: ReadonlySet<string> = new Set(
  'abs ceil floor sgn sqrt clamp clamp_min clamp_max'.split(' '),
);

const WITH_NUMBERS: ReadonlySet<BinaryOp> = new Set<ArithmeticOp | ComparisonOp>([
  '+',
  '-',
  '*',
  '/',
  '%',
  '==',
  '!=',
  '>',
  '<',
  '>=',
  '<=',
]);

/**
 * The only selector of an expression that a server may evaluate for us; undefined where it may not. Each series of the result comes
 * from one series of the selector, so that series of several servers do not meet in it.
 */
export function pushableSelector(root: PlanNode): VectorSelectNode | undefined {
  let node: PlanNode | undefined = root;
  while (node !== undefined && node.kind !== 'vectorSelect') node = vectorBelow(node);
  return node !== undefined && isPlain(node) ? node : undefined;
}

/** The one operand that is a vector, where all others are numbers; undefined for what is not pushed. */
function vectorBelow(node: PlanNode): PlanNode | undefined {
  switch (node.kind) {
    case 'matrixSelect':
      return node.range > 0 ? node.selector : undefined;
    case 'unary':
      return node.child;
    case 'call':
      return vectorOfCall(node);
    case 'binary':
      return WITH_NUMBERS.has(node.op) ? vectorOfBinary(node) : undefined;
    default:
      return undefined;
  }
}

function vectorOfCall(call: CallNode): PlanNode | undefined {
  const { func, args } = call;
  if (isLabelCall(call)) return args[0];
  const kind = OF_RANGES.has(func) ? 'matrixSelect' : 'any';
  if (kind === 'any' && !OF_VECTORS.has(func)) return undefined;
  const vectors = args.filter((arg) => !isNumber(arg));
  const [vector] = vectors;
  if (vectors.length !== 1 || vector === undefined) return undefined;
  return (vector.kind === 'matrixSelect') === (kind === 'matrixSelect') ? vector : undefined;
}

function vectorOfBinary({ left, right }: BinaryNode): PlanNode | undefined {
  if (isNumber(left)) return isNumber(right) ? undefined : right;
  return isNumber(right) ? left : undefined;
}

/** Signs before a number are no part of it. */
export function isNumber(node: PlanNode): boolean {
  return node.kind === 'number' || (node.kind === 'unary' && node.child.kind === 'number');
}

/** What looks at a fixed time, ahead, or by rules of its own is read here. */
function isPlain({ shift, extent, statsOnly }: VectorSelectNode): boolean {
  return (
    shift.time === undefined && !shift.inParameter && shift.offset >= 0 && extent === undefined && !statsOnly
  );
}
