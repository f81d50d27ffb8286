import { bug } from '../../model/errors.ts';
import type { EvalScope } from '../context.ts';
import type { Operator } from '../operator.ts';
import type { SampleCounts } from '../sample-counts.ts';
import type { RangeSource } from '../operators/range/range-source.ts';
import type { RangeWindows } from '../operators/range/range-windows.ts';
import { MergeSeries, type MergeRule } from '../operators/shape/merge-series.ts';

/** A range vector: nothing evaluates it by itself, it is the input of a function. */
export interface RangeInputPart {
  readonly source: RangeSource;
  readonly windows: RangeWindows;
  readonly extent: 'anchored' | 'smoothed' | undefined;
  /** What a subquery reads on its own steps. */
  readonly inner?: SampleCounts;
}

/** What became of a plan node: an operator, a range vector, or, for strings, nothing. */
export interface Built {
  readonly operator?: Operator;
  readonly range?: RangeInputPart;
}

export function operatorOf(built: Built | undefined): Operator {
  return built?.operator ?? bug('a plan node should be an operator');
}

export function rangeOf(built: Built | undefined): RangeInputPart {
  return built?.range ?? bug('a plan node should be a range vector');
}

/**
 * Joins series with the same labels as Prometheus does after a function that changes labels: with delayed name removal
 * an instant vector may hold them until the end of the query.
 */
export function joined(operator: Operator, scope: EvalScope, rule: MergeRule): Operator {
  const { delayNameRemoval } = scope.query;
  const mayRepeat = delayNameRemoval && (rule === 'series' || scope.grid.count === 1);
  return mayRepeat ? operator : new MergeSeries(scope, operator, rule);
}
