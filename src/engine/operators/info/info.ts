import { QueryError } from '../../../model/errors.ts';
import { formatLabels } from '../../../model/format-labels.ts';
import {
  EMPTY_LABELS,
  METRIC_NAME,
  labelValue,
  labelsKey,
  mergeLabels,
  pairsOf,
  labelsFrom,
  type Labels,
} from '../../../model/labels.ts';
import type { SampleBuffer } from '../../../model/sample-columns.ts';
import { isStale } from '../../../model/stale.ts';
import type { InfoNode } from '../../../plan/plan-node.ts';
import { compileMatcher } from '../../../promql/match/compile.ts';
import { clipSet } from '../../clip-set.ts';
import type { EvalScope } from '../../context.ts';
import type { Operator, SeriesHeads } from '../../operator.ts';
import type { SelectedSeries, SelectedSet, SelectRequest } from '../../series-source.ts';
import { timeOfStep } from '../../step-grid.ts';
import { StepKind, StepRow } from '../../step-row.ts';
import { VectorSelector } from '../select/vector-selector.ts';
import { holdRows, type HeldRows } from '../shape/held-rows.ts';
import { infoMatchers, infoRequest, isInfoSeries, type InfoMatchers } from './info-request.ts';
import { InfoIndex, newestAt, type InfoSeries } from './info-series.ts';
import { eachPart } from '../../row-parts.ts';

/**
 * info(): adds the labels of the info series that share a series' identity. Holds its input, because what to fetch
 * follows from it, and because the labels of the result may change from step to step.
 */
export class Info implements Operator {
  series: SeriesHeads = [];
  readonly #scope: EvalScope;
  readonly #node: InfoNode;
  readonly #child: Operator;
  readonly #matchers: InfoMatchers;
  readonly #dataNames: ReadonlySet<string>;
  readonly #rows = new Map<string, { readonly labels: Labels; readonly row: StepRow }>();
  #results: readonly StepRow[] = [];
  #next = 0;

  constructor(scope: EvalScope, node: InfoNode, child: Operator) {
    this.#scope = scope;
    this.#node = node;
    this.#child = child;
    this.#matchers = infoMatchers(node);
    this.#dataNames = new Set(this.#matchers.data.map(({ name }) => name));
  }

  async open(): Promise<void> {
    const { query, grid } = this.#scope;
    await this.#child.open();
    const held = await holdRows(this.#child, grid.count, query);
    const labels = held.index.map((index) => this.#child.series.at(index)!.labels);
    const isInfo = isInfoSeries(this.#matchers);
    const enriched = labels.filter((series) => !isInfo(series));
    const request = infoRequest(this.#node, this.#scope, this.#matchers, enriched);
    const index = await InfoIndex.of(request === undefined ? [] : await this.#fetch(request), query.pacer);
    await this.#check(held, index);
    for (const [i, row] of held.rows.entries()) {
      const targetOf = isInfo(labels[i]!)
        ? (): StepRow => this.#rowOf(labels[i]!)
        : this.#enriching(labels[i]!, index);
      const copied = eachPart(row.length, query.pacer, (from, to) => copySteps(row, from, to, targetOf));
      if (copied !== undefined) await copied;
      if (query.pacer.due()) await query.pacer.breathe();
    }
    const results = [...this.#rows.values()];
    this.#results = results.map(({ row }) => row);
    this.series = results.map((result) => ({ labels: result.labels, dropName: false }));
  }

  next(row: StepRow): number {
    const held = this.#results[this.#next];
    if (held === undefined) return -1;
    row.copyFrom(held);
    return this.#next++;
  }

  async #fetch(request: SelectRequest): Promise<readonly InfoSeries[]> {
    const { query, grid } = this.#scope;
    // The range follows the offset of the enriched selector while the steps do not, so some would find samples beyond it.
    const fetched = await query.select(request);
    const clipped = clipSet(fetched, request);
    const series = Array.from(clipped.series, (info): SelectedSeries => ({
      labels: info.labels,
      dropName: false,
      read: (target) => {
        info.read(target);
        refuseHistograms(info, target, this.#scope);
      },
    }));
    const set: SelectedSet = { series, annotations: [] };
    const selector = new VectorSelector(
      { ...this.#scope, query: { ...query, selected: () => Promise.resolve(set) } },
      {
        kind: 'vectorSelect',
        at: this.#node.at,
        name: '',
        matchers: request.matchers,
        shift: { offset: 0, time: undefined, inParameter: false },
        extent: undefined,
        select: -1,
        statsOnly: false,
      },
      'timestamp',
    );
    await selector.open();
    const held = await holdRows(selector, grid.count, query);
    query.notes.addAll(fetched.annotations);
    return held.rows.map((times, i) => ({ labels: selector.series.at(held.index[i]!)!.labels, times }));
  }

  /** Conflicts between info series count at every step at which there is something to enrich. */
  async #check({ rows }: HeldRows, index: InfoIndex): Promise<void> {
    const { pacer } = this.#scope.query;
    for (let step = 0; step < this.#scope.grid.count; step++) {
      if (rows.some((row) => row.kind[step] !== StepKind.absent)) index.checkStep(step);
      if (pacer.due()) await pacer.breathe();
    }
  }

  /** The row that the value of a series at a step goes to. */
  #enriching(labels: Labels, index: InfoIndex): (step: number) => StepRow | undefined {
    const candidates = index.candidates(labels);
    const needsInfo = this.#matchers.data.some((matcher) => !compileMatcher(matcher)(''));
    const rowsByInfos = new Map<string, StepRow>();
    const numbers = new Map(candidates.flat().map((info, number) => [info, number]));
    return (step) => {
      const found = candidates.flatMap((alike) => newestAt(alike, step) ?? []);
      if (found.length === 0 && needsInfo) return undefined;
      const key = found.map((info) => numbers.get(info)).join();
      let target = rowsByInfos.get(key);
      if (target === undefined) {
        target = this.#rowOf(mergeLabels(labels, this.#dataLabels(found, labels)));
        rowsByInfos.set(key, target);
      }
      return target;
    };
  }

  /**
   * The labels to add: those that are asked for and that the series does not have. Throws where two info series
   * contradict.
   */
  #dataLabels(infos: readonly InfoSeries[], base: Labels): Labels {
    if (infos.length === 0) return EMPTY_LABELS;
    const added = new Map<string, string>();
    for (const info of infos) {
      for (const [name, value] of pairsOf(info.labels)) {
        if (name === METRIC_NAME || (this.#dataNames.size > 0 && !this.#dataNames.has(name))) continue;
        const known = added.get(name);
        if (known !== undefined && known !== value)
          throw new QueryError('execution', `conflicting label: ${name}`);
        if (labelValue(base, name) === '') added.set(name, value);
      }
    }
    return labelsFrom(added);
  }

  #rowOf(labels: Labels): StepRow {
    const key = labelsKey(labels);
    let result = this.#rows.get(key);
    if (result === undefined) {
      const { query, grid } = this.#scope;
      query.budget.takeRow(grid.count, 0);
      result = { labels, row: new StepRow(grid.count) };
      this.#rows.set(key, result);
    }
    return result.row;
  }
}

/** Copies the values of steps [from, to) to the row that `targetOf` names. Throws where that has one at this step already. */
function copySteps(
  row: StepRow,
  from: number,
  to: number,
  targetOf: (step: number) => StepRow | undefined,
): void {
  for (let step = from; step < to; step++) {
    if (row.kind[step] === StepKind.absent) continue;
    const target = targetOf(step);
    if (target === undefined) continue;
    if (target.kind[step] !== StepKind.absent)
      throw new QueryError('execution', 'vector cannot contain metrics with the same labelset');
    if (row.kind[step] === StepKind.float) target.setFloat(step, row.v[step]!);
    else target.copyHistogram(step, row.h!, step);
  }
}

/** Throws where a step finds a histogram: only floats tell anything about a target. */
function refuseHistograms({ labels }: SelectedSeries, found: SampleBuffer, scope: EvalScope): void {
  const { grid, query } = scope;
  const { t, h, length } = found;
  if (h === undefined) return;
  let after = 0;
  for (let step = 0; step < grid.count; step++) {
    const time = timeOfStep(grid, step);
    while (after < length && t[after]! <= time) after++;
    if (after === 0 || t[after - 1]! <= time - query.lookbackDelta) continue;
    if (!h.has(after - 1) || isStale(h.sum[after - 1]!)) continue;
    throw new QueryError(
      'execution',
      `this should be an info metric, with float samples: ${formatLabels(labels)}`,
    );
  }
}
