import type { Pacer } from '../model/pacer.ts';
import type { PartMeter } from './part-meter.ts';
import type { QueryNotes } from './query-notes.ts';
import type { SampleBudget } from './sample-budget.ts';
import type { SampleCounts } from './sample-counts.ts';
import type { SelectRequest, SelectedSet } from './series-source.ts';
import type { StepGrid } from './step-grid.ts';

/** What the operators of one query share. */
export interface QueryContext {
  /** ms; how far an instant selector looks back. */
  readonly lookbackDelta: number;
  /** ms; the step of subqueries that name none. */
  readonly noStepSubqueryInterval: number;
  /** Feature `promql-delayed-name-removal`. */
  readonly delayNameRemoval: boolean;
  /** Feature `type-and-unit-labels`. */
  readonly typeAndUnitLabels: boolean;
  /** Feature `use-start-timestamps`. */
  readonly useStartTimestamps: boolean;
  readonly notes: QueryNotes;
  readonly budget: SampleBudget;
  /** Measures the parts of the query; undefined where nobody asks what each costs. */
  readonly meter: PartMeter | undefined;
  readonly pacer: Pacer;
  /** Whether the answer to a select of the plan may come with parts of aggregations, which stand for series or for some of their steps. */
  mayHaveParts(select: number): boolean;
  /** The answer to the plan's select number `index`; all of them were started before the evaluation. */
  selected(index: number): Promise<SelectedSet>;
  /** Selects what is known only during the evaluation: the info series of `info()`. */
  select(request: SelectRequest): Promise<SelectedSet>;
}

/** Where in the query an operator stands: a subquery and a step-invariant part have steps and counts of their own. */
export interface EvalScope {
  readonly query: QueryContext;
  readonly grid: StepGrid;
  readonly counts: SampleCounts;
}
