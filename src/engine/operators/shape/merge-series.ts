import { QueryError } from '../../../model/errors.ts';
import { labelsKey } from '../../../model/labels.ts';
import type { Operator, SeriesHead } from '../../operator.ts';
import type { Pacer } from '../../pacer.ts';
import { StepKind, StepRow } from '../../step-row.ts';
import { isEmpty } from '../row-contents.ts';

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
  series: readonly SeriesHead[] = [];
  readonly #pacer: Pacer;
  readonly #child: Operator;
  readonly #rule: MergeRule;
  /** Output index by input index; undefined where nothing is shared. */
  #outputOf: Int32Array | undefined;
  /** By output index: how many inputs it has. */
  #inputs: number[] = [];
  readonly #seen = new Set<number>();
  readonly #held = new Map<number, StepRow>();

  constructor(pacer: Pacer, child: Operator, rule: MergeRule) {
    this.#pacer = pacer;
    this.#child = child;
    this.#rule = rule;
  }

  async open(): Promise<void> {
    await this.#child.open();
    const heads = this.#child.series;
    const byKey = new Map<string, number>();
    const outputOf = new Int32Array(heads.length);
    const unique: SeriesHead[] = [];
    await this.#pacer.forEach(heads, (head, index) => {
      const key = labelsKey(head.labels);
      let output = byKey.get(key);
      if (output === undefined) {
        output = unique.push(head) - 1;
        byKey.set(key, output);
        this.#inputs.push(0);
      }
      this.#inputs[output]!++;
      outputOf[index] = output;
    });
    const shared = unique.length < heads.length;
    this.series = shared ? unique : heads;
    this.#outputOf = shared ? outputOf : undefined;
  }

  next(row: StepRow): number {
    for (;;) {
      const index = this.#child.next(row);
      if (index < 0) return this.#flush(row);
      if (this.#outputOf === undefined) return index;
      const output = this.#outputOf[index]!;
      if (this.#inputs[output] === 1) return output;
      if (isEmpty(row)) continue;
      if (this.#rule === 'step' && row.length > 1) {
        this.#hold(output, row);
        continue;
      }
      if (this.#seen.has(output)) throw sameLabels();
      this.#seen.add(output);
      return output;
    }
  }

  #hold(output: number, row: StepRow): void {
    const held = this.#held.get(output);
    if (held === undefined) {
      const copy = new StepRow(row.length);
      copy.copyFrom(row);
      this.#held.set(output, copy);
      return;
    }
    for (let step = 0; step < row.length; step++) {
      if (row.kind[step] === StepKind.absent) continue;
      if (held.kind[step] !== StepKind.absent) throw sameLabels();
      if (row.kind[step] === StepKind.float) held.setFloat(step, row.v[step]!);
      else held.setHistogram(step, row.h![step]!);
    }
  }

  #flush(row: StepRow): number {
    for (const [output, held] of this.#held) {
      this.#held.delete(output);
      row.copyFrom(held);
      return output;
    }
    return -1;
  }
}

function sameLabels(): QueryError {
  return new QueryError('execution', 'vector cannot contain metrics with the same labelset');
}
