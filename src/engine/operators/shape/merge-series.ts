import { QueryError } from '../../../model/errors.ts';
import { labelsKey } from '../../../model/labels.ts';
import type { EvalScope } from '../../context.ts';
import { type Operator, type SeriesHead, nextRow, type SeriesHeads } from '../../operator.ts';
import { StepKind, StepRow } from '../../step-row.ts';
import { countPresent, isEmpty } from '../row-contents.ts';
import { holdRows } from './held-rows.ts';
import type { Pace } from '../../../model/pacer.ts';

/**
 * How series with the same labels are treated: `step` joins them and fails where two have a value at the same step,
 * `series` fails as soon as two have any value.
 */
export type MergeRule = 'step' | 'series';

/**
 * Makes one series of those that share their labels, which happens when a function drops the metric name. Where no
 * labels are shared, rows pass straight through.
 */
export class MergeSeries implements Operator {
  series: SeriesHeads = [];
  readonly #scope: EvalScope;
  readonly #child: Operator;
  readonly #rule: MergeRule;
  /** Output index by input index; undefined where nothing is shared. */
  #outputOf: Int32Array | undefined;
  /** By output index: how many inputs it has. */
  #inputs: number[] = [];
  readonly #seen = new Set<number>();
  readonly #held = new Map<number, StepRow>();
  /** How far the rows that were held have been handed out, once all were read. */
  #flushed: MapIterator<[number, StepRow]> | undefined;
  /** The child's rows, the last one first, where they had to be read before the heads could be known. */
  #ahead: { readonly index: number; readonly row: StepRow }[] | undefined;

  constructor(scope: EvalScope, child: Operator, rule: MergeRule) {
    this.#scope = scope;
    this.#child = child;
    this.#rule = rule;
  }

  async open(): Promise<void> {
    await this.#child.open();
    const heads = this.#child.series;
    if (this.#child.isDistinct === true) {
      this.series = heads;
      return;
    }
    const byKey = new Map<string, number>();
    const outputOf = new Int32Array(heads.length);
    const unique: SeriesHead[] = [];
    let disagree = false;
    await this.#scope.query.pacer.forEach(heads, (head, index) => {
      const key = labelsKey(head.labels);
      let output = byKey.get(key);
      if (output === undefined) {
        output = unique.push(head) - 1;
        byKey.set(key, output);
        this.#inputs.push(0);
      }
      disagree ||= unique[output]!.dropName !== head.dropName;
      this.#inputs[output]!++;
      outputOf[index] = output;
    });
    const shared = unique.length < heads.length;
    this.series = shared ? unique : heads;
    this.#outputOf = shared ? outputOf : undefined;
    if (disagree) await this.#nameByFirstValue(heads, outputOf, unique);
  }

  /** Whether a series keeps its name is decided by the input that has its first value. */
  async #nameByFirstValue(heads: SeriesHeads, outputOf: Int32Array, unique: SeriesHead[]): Promise<void> {
    const { query, grid } = this.#scope;
    const { rows, index } = await holdRows(this.#child, grid.count, query);
    const firstStep = new Map<number, number>();
    await query.pacer.forEach(rows, (row, i) => {
      const output = outputOf[index[i]!]!;
      const step = row.kind.findIndex((kind) => kind !== StepKind.absent);
      if (step >= (firstStep.get(output) ?? Infinity)) return;
      firstStep.set(output, step);
      unique[output] = heads.at(index[i]!)!;
    });
    this.#ahead = rows.map((row, i) => ({ index: index[i]!, row })).toReversed();
  }

  next(row: StepRow): number {
    return this.#take(this.#ahead === undefined ? this.#child.next(row) : this.#nextAhead(row), row);
  }

  async nextPaced(row: StepRow, pace: Pace): Promise<number> {
    const isAhead = this.#ahead !== undefined;
    return this.#take(isAhead ? this.#nextAhead(row) : await nextRow(this.#child, row, pace), row);
  }

  /** What becomes of an input's row, -1 meaning that there are no more. */
  #take(index: number, row: StepRow): number {
    if (index < 0) return this.#flush(row);
    if (this.#outputOf === undefined) return index;
    const output = this.#outputOf[index]!;
    if (this.#inputs[output] === 1 || isEmpty(row)) return output;
    if (this.#rule === 'step' && row.length > 1) {
      this.#hold(output, row);
      row.clear();
      return output;
    }
    if (this.#seen.has(output)) throw sameLabels();
    this.#seen.add(output);
    return output;
  }

  #nextAhead(row: StepRow): number {
    const next = this.#ahead?.pop();
    if (next === undefined) return -1;
    row.copyFrom(next.row);
    return next.index;
  }

  #hold(output: number, row: StepRow): void {
    const held = this.#held.get(output);
    if (held === undefined) {
      const copy = new StepRow(row.length);
      copy.copyFrom(row);
      this.#scope.query.budget.takeRow(row.length, countPresent(row));
      this.#held.set(output, copy);
      return;
    }
    for (let step = 0; step < row.length; step++) {
      if (row.kind[step] === StepKind.absent) continue;
      if (held.kind[step] !== StepKind.absent) throw sameLabels();
      if (row.kind[step] === StepKind.float) held.setFloat(step, row.v[step]!);
      else held.copyHistogram(step, row.h!, step);
    }
  }

  #flush(row: StepRow): number {
    this.#flushed ??= this.#held.entries();
    const next = this.#flushed.next();
    if (next.done === true) return -1;
    const [output, held] = next.value;
    row.copyFrom(held);
    return output;
  }
}

function sameLabels(): QueryError {
  return new QueryError('execution', 'vector cannot contain metrics with the same labelset');
}
