import type { TextRange } from '../../model/annotations.ts';
import { QueryError } from '../../model/errors.ts';
import { planType, type CallNode } from '../../plan/plan-node.ts';
import { COUNTER_FUNCTIONS } from '../../promql/functions.ts';
import type { EvalScope } from '../context.ts';
import { EXTENDED_RANGE_KERNELS } from '../kernels/extended-range-kernels.ts';
import { rangeKernelOf } from '../kernels/range-kernel-of.ts';
import type { Operator } from '../operator.ts';
import { onlyItsSteps } from '../operators/merge/only-steps.ts';
import { AbsentOverTime } from '../operators/range/absent-over-time.ts';
import { RangeCall } from '../operators/range/range-call.ts';
import { EmptyVector } from '../operators/shape/empty-vector.ts';
import { FailingVector } from '../operators/shape/failing-vector.ts';
import { absentLabels } from '../operators/shape/absent-labels.ts';
import { joined, operatorOf, rangeOf, type Built } from './built.ts';

/** These act like an offset, so the name still fits. */
const KEEPS_NAME: ReadonlySet<string> = new Set(['first_over_time', 'last_over_time']);
const FOR_COUNTERS: ReadonlySet<string> = new Set(['rate', 'increase']);

const START: TextRange = { start: 0, end: 0 };

/** A function of a range vector. It fails where an extended selector does not suit the function. */
export function buildRangeCall(node: CallNode, scope: EvalScope, children: readonly Built[]): Operator {
  const { func, args } = node;
  const matrix = args.findIndex((arg) => planType(arg) === 'matrix');
  const { source, windows, extent, inner } = rangeOf(children[matrix]);
  const scalars = children.filter((_, i) => i !== matrix).map(operatorOf);
  // Prometheus 3.14 does not recognise a subquery with `@` where the other arguments change from step to step: the
  // function gets no samples at all.
  if (args[matrix]!.kind === 'stepInvariant') return new EmptyVector(scope, source, inner, scalars);
  const kernel = rangeKernelOf(func, extent);
  if (kernel === undefined) return new FailingVector(unsuitable(func, extent!));
  if (func === 'absent_over_time') {
    return new AbsentOverTime(scope, source, windows, absentLabels(args[matrix]!));
  }
  // Prometheus puts the samples of a subquery into its place before it calls the function, which loses the position.
  const notes = scope.query.notes.at(args[0]!.kind === 'subquery' ? START : args[0]!.at);
  const traits = {
    keepsName: KEEPS_NAME.has(func),
    usesStart: COUNTER_FUNCTIONS.has(func),
    forCounters: FOR_COUNTERS.has(func),
    counted: true,
  };
  const call = new RangeCall(scope, { func, kernel, traits, source, windows, args: scalars, notes });
  const selector = args[matrix]!.kind === 'matrixSelect' ? args[matrix].selector : undefined;
  const reader = selector === undefined ? call : onlyItsSteps(scope, selector.select, call);
  return joined(reader, scope, 'series');
}

function unsuitable(func: string, extent: 'anchored' | 'smoothed'): QueryError {
  const suitable = Object.keys(EXTENDED_RANGE_KERNELS[extent]).sort().join(', ');
  return new QueryError(
    'execution',
    `${extent} modifier can only be used with: ${suitable} - not with ${func}`,
  );
}
