import type { CallNode } from '../../plan/plan-node.ts';
import type { EvalScope } from '../context.ts';
import type { RowKernel } from '../kernels/row-kernel.ts';
import type { Operator } from '../operator.ts';
import { RowCall } from '../operators/function/row-call.ts';
import { VectorSelector } from '../operators/select/vector-selector.ts';
import { punctual, timeOfStep, type StepGrid } from '../step-grid.ts';
import { StepKind, type StepRow } from '../step-row.ts';
import { joined, operatorOf, type Built } from './built.ts';

/**
 * timestamp() and start_timestamp(): directly around a selector they read the samples' own times; of any other vector
 * the timestamp is the step's, and a start timestamp is not known. Start timestamps need their feature.
 */
export function buildTimestamp(node: CallNode, scope: EvalScope, children: readonly Built[]): Operator {
  const { func } = node;
  const [arg] = node.args;
  if (arg?.kind === 'vectorSelect') {
    const output = func === 'timestamp' ? 'timestamp' : 'start';
    const kernel = output === 'timestamp' || scope.query.useStartTimestamps ? asIs : nothing;
    // Of `x @ t offset o` Prometheus 3.14 reads the sample's time at t, over samples that it fetched for t - o.
    const { time, offset } = arg.shift;
    const shift = { time, offset: time === undefined ? offset : 0, inParameter: false };
    const still = { ...arg, shift };
    const times = new VectorSelector({ ...scope, grid: punctual(scope.grid) }, still, output);
    return joined(new RowCall(scope, func, kernel, times, []), scope, 'step');
  }
  const kernel = func === 'timestamp' ? stepTimes(scope.grid) : nothing;
  return joined(new RowCall(scope, func, kernel, operatorOf(children[0]), []), scope, 'step');
}

function asIs(input: StepRow, _args: readonly Float64Array[], out: StepRow): void {
  out.copyFrom(input);
}

function nothing(): void {}

function stepTimes(grid: StepGrid): RowKernel {
  return (input, _args, out) => {
    for (let step = 0; step < input.length; step++) {
      if (input.kind[step] !== StepKind.absent) out.setFloat(step, timeOfStep(grid, step) / 1000);
    }
  };
}
