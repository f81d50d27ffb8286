import { bug } from '../../model/errors.ts';
import type { CallNode } from '../../plan/plan-node.ts';
import type { EvalScope } from '../context.ts';
import type { Operator } from '../operator.ts';
import { HistogramCall, type HistogramCallParts } from '../operators/histogram/histogram-call.ts';
import { joined, operatorOf, type Built } from './built.ts';
import {
  labelledQuantileMeasures,
  quantileMeasure,
  fractionMeasure,
} from '../operators/histogram/measures.ts';

/** The functions that read classic and native histograms alike. Remarks point where Prometheus' do. */
export function buildHistogramCall(node: CallNode, scope: EvalScope, children: readonly Built[]): Operator {
  const { func, args } = node;
  const vector = func === 'histogram_quantiles' ? 0 : args.length - 1;
  const scalars = children.filter((_, i) => i !== vector && args[i]!.kind !== 'string').map(operatorOf);
  const parts = {
    child: operatorOf(children[vector]),
    args: scalars,
    measures: measuresOf(node, scope),
    notes: scope.query.notes.at(args[vector]!.at),
  };
  return joined(new HistogramCall(scope, parts), scope, 'step');
}

function measuresOf({ func, args }: CallNode, scope: EvalScope): HistogramCallParts['measures'] {
  const places = args.map(({ at }) => scope.query.notes.at(at));
  const native = places[0]!;
  switch (func) {
    case 'histogram_fraction':
      return async ([lower, upper]) => [fractionMeasure(lower!, upper!, native)];
    case 'histogram_quantile':
      return async ([q]) => [
        await quantileMeasure(scope, q!, { argument: native, native, classic: places[1]! }),
      ];
    default: {
      const label = args[1]?.kind === 'string' ? args[1].value : bug(`${func} without label`);
      return (values) => {
        const quantiles = values.map((q, i) => ({
          q,
          places: { argument: places[i + 2]!, native, classic: native },
        }));
        return labelledQuantileMeasures(scope, label, quantiles);
      };
    }
  }
}
