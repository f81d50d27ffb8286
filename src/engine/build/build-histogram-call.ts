import { bug } from '../../model/errors.ts';
import { formatShortest } from '../../model/format-float.ts';
import { withLabel } from '../../model/labels.ts';
import type { CallNode } from '../../plan/plan-node.ts';
import type { EvalScope } from '../context.ts';
import type { Straightened } from '../kernels/quantile/classic-buckets.ts';
import { classicFraction, classicQuantile } from '../kernels/quantile/classic-quantile.ts';
import { nativeFraction } from '../kernels/quantile/native-fraction.ts';
import { nativeQuantile } from '../kernels/quantile/native-quantile.ts';
import { isInvalidQuantile } from '../kernels/quantile/sorted-quantile.ts';
import { invalidQuantile } from '../kernels/remarks.ts';
import type { Operator } from '../operator.ts';
import { HistogramCall, type HistogramOutput } from '../operators/histogram/histogram-call.ts';
import { timeOfStep } from '../step-grid.ts';
import { joined, operatorOf, type Built } from './built.ts';

/** The functions that read classic and native histograms alike. */
export function buildHistogramCall(node: CallNode, scope: EvalScope, children: readonly Built[]): Operator {
  const { func, args } = node;
  const vector = func === 'histogram_quantiles' ? 0 : args.length - 1;
  const scalars = children.filter((_, i) => i !== vector && args[i]!.kind !== 'string').map(operatorOf);
  const outputs = (values: readonly Float64Array[]): readonly HistogramOutput[] =>
    func === 'histogram_fraction'
      ? [fraction(node, scope, values)]
      : func === 'histogram_quantile'
        ? [quantile(node, scope, values[0]!, 0, vector)]
        : quantiles(node, scope, values);
  const parts = { child: operatorOf(children[vector]), args: scalars, at: args[vector]!.at, outputs };
  return joined(new HistogramCall(scope, parts), scope, 'step');
}

function fraction(node: CallNode, scope: EvalScope, values: readonly Float64Array[]): HistogramOutput {
  const [lower, upper] = values;
  const notes = scope.query.notes.at(node.args[0]!.at);
  return {
    labels: (histogram) => histogram,
    covers: () => true,
    classic: (buckets, step) => classicFraction(lower![step]!, upper![step]!, buckets),
    native: (h, step, metricName) => nativeFraction(lower![step]!, upper![step]!, h, metricName, notes),
  };
}

/** @param qAt number of the argument that holds the quantiles. */
function quantile(
  node: CallNode,
  scope: EvalScope,
  q: Float64Array,
  qAt: number,
  vectorAt: number,
): HistogramOutput {
  const { query, grid } = scope;
  const notes = query.notes.at(node.args[0]!.at);
  for (const value of q)
    if (isInvalidQuantile(value)) query.notes.warn(invalidQuantile(value), node.args[qAt]!.at);
  const report: Straightened = { minBucket: 0, maxBucket: 0, maxDiff: 0 };
  return {
    labels: (histogram) => histogram,
    covers: () => true,
    classic: (buckets, step, { metricName }) => {
      const value = classicQuantile(q[step]!, buckets, report);
      if (report.maxDiff > 0) {
        const time = timeOfStep(grid, step);
        const extent = { ...report, samples: 1, minTime: time, maxTime: time };
        query.notes.forcedMonotonicity(metricName, extent, node.args[vectorAt]!.at);
      }
      return value;
    },
    native: (h, step, metricName) => nativeQuantile(q[step]!, h, metricName, notes),
  };
}

/** One output a quantile: a label names it, and where an argument changes from step to step, there are several. */
function quantiles(
  node: CallNode,
  scope: EvalScope,
  values: readonly Float64Array[],
): readonly HistogramOutput[] {
  const label =
    node.args[1]?.kind === 'string' ? node.args[1].value : bug('histogram_quantiles without label');
  return values.flatMap((q, i) => {
    const output = quantile(node, scope, q, i + 2, 0);
    return [...new Set(q)].map((value): HistogramOutput => ({
      ...output,
      labels: (histogram) => withLabel(histogram, label, openMetricsFloat(value)),
      covers: (step) => Object.is(q[step], value) || (value === 0 && q[step] === 0),
    }));
  });
}

/** A float as OpenMetrics writes it in labels: always with a point or an exponent. */
function openMetricsFloat(value: number): string {
  const text = formatShortest(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}
