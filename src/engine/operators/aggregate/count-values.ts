import { QueryError } from '../../../model/errors.ts';
import { labelsKey, withLabel, type Labels } from '../../../model/labels.ts';
import type { EvalScope } from '../../context.ts';
import { quote } from '../../../model/quote.ts';
import { type Operator, eachRow, type SeriesHeads } from '../../operator.ts';
import { StepKind, StepRow } from '../../step-row.ts';
import { countPresent } from '../row-contents.ts';
import { groupLabels, type Grouping } from './grouping.ts';
import { isLabelName } from '../function/label-functions.ts';
import { formatDecimal } from '../../../model/format-decimal.ts';
import { formatHistogram } from '../../../model/histogram/format.ts';
import type { FloatHistogram } from '../../../model/histogram/float-histogram.ts';
import { STEPS_AT_ONCE } from '../../row-parts.ts';

interface Counted {
  readonly labels: Labels;
  readonly row: StepRow;
}

/** count_values(): how many series of a group have each value, the value being a label of the result. */
export class CountValues implements Operator {
  series: SeriesHeads = [];
  readonly #scope: EvalScope;
  readonly #child: Operator;
  readonly #label: string;
  readonly #groupOf: (labels: Labels) => Labels;
  readonly #counted = new Map<string, Counted>();
  readonly #rows: StepRow[] = [];
  #next = 0;

  constructor(scope: EvalScope, child: Operator, label: string, { labels, without }: Grouping) {
    this.#scope = scope;
    this.#child = child;
    this.#label = label;
    this.#groupOf = groupLabels({ labels: without ? labels : [...labels, label], without });
  }

  async open(): Promise<void> {
    if (!isLabelName(this.#label))
      throw new QueryError('execution', `invalid label name ${quote(this.#label)}`);
    const { query, grid } = this.#scope;
    const heldBefore = query.budget.held;
    await this.#child.open();
    const row = new StepRow(grid.count);
    await eachRow(this.#child, row, query.pacer, (index) =>
      this.#count(row, this.#child.series.at(index)!.labels),
    );
    let present = 0;
    this.series = await query.pacer.map(this.#counted.values(), ({ labels, row: counts }) => {
      this.#rows.push(counts);
      present += countPresent(counts);
      return { labels, dropName: false };
    });
    query.budget.settle(heldBefore, present);
  }

  next(row: StepRow): number {
    const held = this.#rows[this.#next];
    if (held === undefined) return -1;
    row.copyFrom(held);
    return this.#next++;
  }

  async #count(row: StepRow, labels: Labels): Promise<void> {
    const { pacer } = this.#scope.query;
    const { kind, v, h } = row;
    let last: { readonly value: unknown; readonly counts: StepRow } | undefined;
    for (let step = 0; step < kind.length; step++) {
      if (step % STEPS_AT_ONCE === 0 && pacer.due()) await pacer.breathe();
      if (kind[step] === StepKind.absent) continue;
      const value = kind[step] === StepKind.float ? v[step]! : h!.at(step)!;
      if (last === undefined || !Object.is(last.value, value)) {
        const text = countValuesLabel(v[step]!, kind[step] === StepKind.float ? undefined : h!.at(step));
        last = { value, counts: this.#countsOf(withLabel(labels, this.#label, text)) };
        // Each step may have a value of its own.
        if (pacer.due()) await pacer.breathe();
      }
      const { counts } = last;
      counts.setFloat(step, counts.kind[step] === StepKind.absent ? 1 : counts.v[step]! + 1);
    }
  }

  #countsOf(labels: Labels): StepRow {
    const group = this.#groupOf(labels);
    const key = labelsKey(group);
    let counted = this.#counted.get(key);
    if (counted === undefined) {
      const { query, grid } = this.#scope;
      query.budget.takeRow(grid.count, 0);
      counted = { labels: group, row: new StepRow(grid.count) };
      this.#counted.set(key, counted);
    }
    return counted.row;
  }
}

/** The label value that count_values gives a sample: the shortest decimal without exponent, or the histogram's text. */
export function countValuesLabel(value: number, h: FloatHistogram | undefined): string {
  return h === undefined ? formatDecimal(value) : formatHistogram(h);
}
