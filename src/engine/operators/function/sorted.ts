import { compareLabels, labelValue, type Labels } from '../../../model/labels.ts';
import type { Pace } from '../../../model/pacer.ts';
import { sortPaced } from '../../../model/paced-sort.ts';
import type { EvalScope } from '../../context.ts';
import { type Operator, nextRow, type SeriesHeads } from '../../operator.ts';
import { StepKind, type StepRow } from '../../step-row.ts';
import { holdRows } from '../shape/held-rows.ts';
import { compareNaturally, naturallyPrecedes } from './natural-order.ts';

interface Element {
  readonly index: number;
  readonly labels: Labels;
  readonly row: StepRow;
}

/** Order of the elements of an instant vector. */
export interface ElementOrder {
  /** Agrees with itself, for sorting many. */
  readonly compare: (a: Element, b: Element) => number;
  /** Whether Prometheus moves `a` in front of `b`, which it may the other way around as well. */
  readonly precedes: (a: Element, b: Element) => boolean;
}

/** By value; NaN comes last in both directions. */
export function byValue(descending: boolean): ElementOrder {
  const compare = ({ row: a }: Element, { row: b }: Element): number => {
    const [x, y] = [a.v[0]!, b.v[0]!];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
    if (x === y) return 0;
    return x < y === descending ? 1 : -1;
  };
  return { compare, precedes: (a, b) => Number.isNaN(b.row.v[0]!) || compare(a, b) < 0 };
}

/** By the values of labels, numbers inside them by size, then by all labels. */
export function byLabels(names: readonly string[], descending: boolean): ElementOrder {
  const sign = descending ? -1 : 1;
  return {
    compare: ({ labels: a }, { labels: b }) => {
      for (const name of names) {
        const order = compareNaturally(labelValue(a, name), labelValue(b, name));
        if (order !== 0) return sign * order;
      }
      return sign * compareLabels(a, b);
    },
    precedes: ({ labels: a }, { labels: b }) => {
      for (const name of names) {
        const [x, y] = [labelValue(a, name), labelValue(b, name)];
        if (x !== y) return naturallyPrecedes(x, y) !== descending;
      }
      return sign * compareLabels(a, b) < 0;
    },
  };
}

/** Go sorts up to this many elements by insertion, so it is known where contradicting comparisons lead. */
const MOST_INSERTED = 12;

async function sortElements(
  unsorted: readonly Element[],
  { compare, precedes }: ElementOrder,
  pace: Pace,
): Promise<readonly Element[]> {
  if (unsorted.length > MOST_INSERTED) return sortPaced(unsorted, compare, pace);
  const elements = [...unsorted];
  for (let i = 1; i < elements.length; i++) {
    const moved = elements[i]!;
    let at = i;
    for (; at > 0 && precedes(moved, elements[at - 1]!); at--) elements[at] = elements[at - 1]!;
    elements[at] = moved;
  }
  return elements;
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
  #sorted: readonly Element[] = [];
  #next = 0;

  constructor(scope: EvalScope, child: Operator, rule: SortRule) {
    this.#scope = scope;
    this.#child = child;
    this.#rule = rule;
  }

  get series(): SeriesHeads {
    return this.#child.series;
  }

  async open(): Promise<void> {
    await this.#child.open();
    const { query, grid } = this.#scope;
    if (grid.count !== 1) return;
    const held = await holdRows(this.#child, 1, query);
    const elements: Element[] = [];
    await query.pacer.forEach(held.rows, (row, i) => {
      if (this.#rule.floatsOnly && row.kind[0] !== StepKind.float) return;
      elements.push({ index: held.index[i]!, labels: this.series.at(held.index[i]!)!.labels, row });
    });
    this.#sorted = await sortElements(elements, this.#rule.order, query.pacer);
  }

  next(row: StepRow): number {
    if (this.#scope.grid.count === 1) {
      const element = this.#sorted[this.#next++];
      if (element === undefined) return -1;
      row.copyFrom(element.row);
      return element.index;
    }
    const index = this.#child.next(row);
    this.#leaveHistogramsOut(row);
    return index;
  }

  async nextPaced(row: StepRow, pace: Pace): Promise<number> {
    const index = await nextRow(this.#child, row, pace);
    this.#leaveHistogramsOut(row);
    return index;
  }

  #leaveHistogramsOut(row: StepRow): void {
    if (!this.#rule.floatsOnly || row.h === undefined) return;
    for (let step = 0; step < row.length; step++) {
      if (row.kind[step] === StepKind.histogram) row.kind[step] = StepKind.absent;
    }
  }
}
