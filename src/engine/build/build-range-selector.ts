import type { MatrixSelectNode, VectorSelectNode } from '../../plan/plan-node.ts';
import type { EvalScope } from '../context.ts';
import { smoothedInstant } from '../kernels/smoothed-instant.ts';
import type { Operator } from '../operator.ts';
import { RangeCall } from '../operators/range/range-call.ts';
import { RangeWindows, reachOf } from '../operators/range/range-windows.ts';
import { SelectorSource } from '../operators/range/selector-source.ts';
import type { RangeInputPart } from './built.ts';

/** A range selector; extended ones (`anchored`, `smoothed`) see the lookback delta around their window as well. */
export function buildRangeSelector(node: MatrixSelectNode, scope: EvalScope): RangeInputPart {
  const { selector, range } = node;
  const { extent, shift } = selector;
  const windows = new RangeWindows(scope.grid, shift, range, reachOf(extent, scope.query.lookbackDelta));
  return { source: new SelectorSource(scope, selector, windows, range), windows, extent };
}

/** An instant selector with `smoothed`: the value on the line between the samples around each step. */
export function buildSmoothedSelector(node: VectorSelectNode, scope: EvalScope): Operator {
  const { query, grid } = scope;
  const windows = new RangeWindows(grid, node.shift, 0, {
    back: query.lookbackDelta,
    ahead: query.lookbackDelta,
  });
  const source = new SelectorSource(scope, node, windows, 0);
  // Prometheus counts nothing that it reads for these.
  const traits = { keepsName: true, usesStart: false, forCounters: false, counted: false };
  const notes = query.notes.at(node.at);
  return new RangeCall(scope, { kernel: smoothedInstant, traits, source, windows, args: [], notes });
}
