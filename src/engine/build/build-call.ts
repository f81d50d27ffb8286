import { bug } from '../../model/errors.ts';
import { planType, type CallNode, type PlanNode } from '../../plan/plan-node.ts';
import type { EvalScope } from '../context.ts';
import { goMax, goMin } from '../../model/go-math.ts';
import { SORT_IN_RANGE_QUERY } from '../kernels/remarks.ts';
import { ROW_KERNELS } from '../kernels/row-kernels.ts';
import type { Operator } from '../operator.ts';
import { RowCall } from '../operators/function/row-call.ts';
import { byLabels, byValue, Sorted, type SortRule } from '../operators/function/sorted.ts';
import { scalarOf } from '../operators/scalar/scalar-of.ts';
import { ScalarSteps, readScalar } from '../operators/scalar/scalar-steps.ts';
import { absentLabels } from '../operators/shape/absent-labels.ts';
import { Absent } from '../operators/shape/absent.ts';
import { MergeSeries } from '../operators/shape/merge-series.ts';
import { Relabel, type Rename } from '../operators/shape/relabel.ts';
import { columnOf, computeInParts } from '../row-parts.ts';
import { timeOfStep } from '../step-grid.ts';
import { StepRow } from '../step-row.ts';
import { buildHistogramCall } from './build-histogram-call.ts';
import { buildRangeCall } from './build-range-call.ts';
import { buildTimestamp } from './build-timestamp.ts';
import { joined, operatorOf, type Built } from './built.ts';
import { labelReplace, labelJoin } from '../operators/function/label-functions.ts';

/** The operator of a function call. */
export function buildCall(node: CallNode, scope: EvalScope, children: readonly Built[]): Operator {
  const { func, args } = node;
  if (args.some((arg) => planType(arg) === 'matrix')) return buildRangeCall(node, scope, children);
  const strings = args.map((arg) => (arg.kind === 'string' ? arg.value : ''));
  switch (func) {
    case 'time':
      return scalars(() => timesInSeconds(scope));
    case 'pi':
      return scalars(() => Promise.resolve(new Float64Array(scope.grid.count).fill(Math.PI)));
    case 'scalar':
      return scalars(() => scalarOf(operatorOf(children[0]), scope));
    case 'vector':
      return scalars(() => readScalar(operatorOf(children[0]), scope));
    case 'max_of':
    case 'min_of':
      return scalars(() => extremeOf(func, children, scope));
    case 'absent':
      return new Absent(scope, operatorOf(children[0]), absentLabels(args[0]!));
    case 'label_replace': {
      const [, destination, replacement, source, pattern] = strings;
      return relabeled(scope, children, () => labelReplace(destination!, replacement!, source!, pattern!));
    }
    case 'label_join': {
      const [, destination, separator, ...sources] = strings;
      return relabeled(scope, children, () => labelJoin(destination!, separator!, sources));
    }
    case 'sort':
    case 'sort_desc':
      return sorted(node, scope, children, { order: byValue(func === 'sort_desc'), floatsOnly: true });
    case 'sort_by_label':
    case 'sort_by_label_desc': {
      const order = byLabels(strings.slice(1), func === 'sort_by_label_desc');
      return sorted(node, scope, children, { order, floatsOnly: false });
    }
    case 'timestamp':
    case 'start_timestamp':
      return buildTimestamp(node, scope, children);
    case 'histogram_quantile':
    case 'histogram_quantiles':
    case 'histogram_fraction':
      return buildHistogramCall(node, scope, children);
    default:
      return elementwise(node, scope, children);
  }
}

function scalars(compute: () => Promise<Float64Array>): Operator {
  return new ScalarSteps(compute);
}

function timesInSeconds({ grid, query }: EvalScope): Promise<Float64Array> {
  return columnOf(grid.count, query.pacer, (step) => timeOfStep(grid, step) / 1000);
}

async function extremeOf(
  func: 'max_of' | 'min_of',
  children: readonly Built[],
  scope: EvalScope,
): Promise<Float64Array> {
  const a = await readScalar(operatorOf(children[0]), scope);
  const b = await readScalar(operatorOf(children[1]), scope);
  const pick = func === 'max_of' ? goMax : goMin;
  return columnOf(scope.grid.count, scope.query.pacer, (step) => pick(a[step]!, b[step]!));
}

function relabeled(scope: EvalScope, children: readonly Built[], prepare: () => Rename): Operator {
  return new MergeSeries(scope, new Relabel(scope.query.pacer, operatorOf(children[0]), prepare), 'step');
}

function sorted(node: CallNode, scope: EvalScope, children: readonly Built[], rule: SortRule): Operator {
  if (scope.grid.count > 1) scope.query.notes.at(node.at).warn(SORT_IN_RANGE_QUERY);
  return new Sorted(scope, operatorOf(children[0]), rule);
}

/** Functions of ROW_KERNELS; date functions without argument read the evaluation times. */
function elementwise({ func, args }: CallNode, scope: EvalScope, children: readonly Built[]): Operator {
  const kernel = ROW_KERNELS[func] ?? bug(`function ${func} has no kernel`);
  if (args.length === 0) {
    return scalars(async () => {
      const { grid, query } = scope;
      const values = new StepRow(grid.count);
      await computeInParts([], values, query.pacer, (_inputs, out, from) => {
        const times = new StepRow(out.length);
        for (let step = 0; step < times.length; step++)
          times.setFloat(step, Math.trunc(timeOfStep(grid, from + step) / 1000));
        kernel(times, [], out);
      });
      return values.v;
    });
  }
  const isVector = (arg: PlanNode): boolean => planType(arg) === 'vector';
  const vector = args.findIndex(isVector);
  const scalarArgs = children.filter((_, i) => i !== vector).map(operatorOf);
  return joined(new RowCall(scope, func, kernel, operatorOf(children[vector]), scalarArgs), scope, 'step');
}
