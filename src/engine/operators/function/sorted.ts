import { compareLabels, labelValue, type Labels } from '../../../model/labels.ts';
import type { EvalScope } from '../../context.ts';
import type { Operator, SeriesHead } from '../../operator.ts';
import { StepKind, type StepRow } from '../../step-row.ts';
import { holdRows } from '../shape/held-rows.ts';
import { compareNaturally } from './natural-order.ts';

interface Element {
  readonly index: number;
  readonly labels: Labels;
  readonly row: StepRow;
}

/** Order of two elements of an instant vector. */
export type ElementOrder = (a: Element, b: Element) => number;

/** By value; NaN comes last in both directions. */
export function byValue(descending: boolean): ElementOrder {
  return ({ row: a }, { row: b }) => {
    const [x, y] = [a.v[0]!, b.v[0]!];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
    if (x === y) return 0;
    return x < y === descending ? 1 : -1;
  };
}

/** By the values of labels, numbers inside them by size, then by all labels. */
export function byLabels(names: readonly string[], descending: boolean): ElementOrder {
  const sign = descending ? -1 : 1;
  return ({ labels: a }, { labels: b }) => {
    for (const name of names) {
      const order = compareNaturally(labelValue(a, name), labelValue(b, name));
      if (order !== 0) return sign * order;
    }
    return sign * compareLabels(a, b);
  };
}

export interface SortRule {
  readonly order: ElementOrder;
  /** sort() and sort_desc() leave histograms out. */
  readonly floatsOnly: boolean;
}

/** The sort functions. They order instant queries only: results of range queries are ordered by labels anyway. */
export class Sorted implements Operator {
  readonly #scope: EvalScope;
  readonly #child: Operator;
  readonly #rule: SortRule;
  #sorted: Element[] = [];
  #next = 0;

  constructor(scope: EvalScope, child: Operator, rule: SortRule) {
    this.#scope = scope;
    this.#child = child;
    this.#rule = rule;
  }

  get series(): readonly SeriesHead[] {
    return this.#child.series;
  }

  async open(): Promise<void> {
    await this.#child.open();
    const { query, grid } = this.#scope;
    if (grid.count !== 1) return;
    const held = await holdRows(this.#child, 1, query);
    this.#sorted = held.rows
      .map((row, i) => ({ index: held.index[i]!, labels: this.series[held.index[i]!]!.labels, row }))
      .filter(({ row }) => !this.#rule.floatsOnly || row.kind[0] === StepKind.float)
      .sort(this.#rule.order);
  }

  next(row: StepRow): number {
    if (this.#scope.grid.count === 1) {
      const element = this.#sorted[this.#next++];
      if (element === undefined) return -1;
      row.copyFrom(element.row);
      return element.index;
    }
    const index = this.#child.next(row);
    if (index >= 0 && this.#rule.floatsOnly && row.h !== undefined) {
      for (let step = 0; step < row.length; step++) {
        if (row.kind[step] === StepKind.histogram) row.kind[step] = StepKind.absent;
      }
    }
    return index;
  }
}
