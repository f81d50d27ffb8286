import type { Labels } from '../../../model/labels.ts';
import type { ItemList } from '../../../model/lazy-list.ts';
import { sortNumbersPaced } from '../../../model/paced-sort.ts';
import type { Pace, Pacer } from '../../../model/pacer.ts';
import { discard } from '../growing.ts';
import type { LabelSets } from '../label-sets.ts';
import type { SeriesTaker } from './series-taker.ts';

/** Label sets in Prometheus' order, each once. A set becomes an object when it is looked at. */
export class SortedSets implements ItemList<Labels> {
  readonly sets: LabelSets;
  #length: number;
  readonly #order: Int32Array<ArrayBuffer>;
  #isKept = false;

  /** @param order numbers of the sets, of which the first `length` are in the list. */
  constructor(sets: LabelSets, order: Int32Array<ArrayBuffer>, length: number = order.length) {
    this.sets = sets;
    this.#order = order;
    this.#length = length;
  }

  get length(): number {
    return this.#length;
  }

  /** The first ones of these. */
  first(count: number): SortedSets {
    return new SortedSets(this.sets, this.#order, Math.min(count, this.length));
  }

  keep(): void {
    this.#isKept = true;
  }

  /**
   * Frees the sets and their table, unless somebody keeps the list. It is empty from then on: what still sends it to a client that has
   * left comes to its end.
   */
  discard(): void {
    if (this.#isKept) return;
    this.#length = 0;
    discard(this.#order);
    this.sets.discard();
    this.sets.table.discard();
  }

  /** Gives each to a taker of the same table. Throws what the pacer throws. */
  async handOver(taker: SeriesTaker, pacer: Pacer): Promise<void> {
    await pacer.times(this.length, (index) => this.sets.handOver(this.#order[index]!, taker));
  }

  /** The number of the set at a place. */
  numberAt(index: number): number {
    return this.#order[index]!;
  }

  /** Counts from 0 alone, other than an array does. */
  at(index: number): Labels | undefined {
    return index >= 0 && index < this.length ? this.sets.flat(this.#order[index]!) : undefined;
  }

  *[Symbol.iterator](): Generator<Labels> {
    for (let index = 0; index < this.length; index++) yield this.sets.flat(this.#order[index]!);
  }
}

/** Bytes that sorting takes for each set: a place in the order, and one more while they are sorted. */
export const BYTES_TO_SORT = 8;

/**
 * Sorts sets. @param numbers of which each is there once; they are changed.
 * @throws what the pace throws.
 */
export async function sortSets(
  sets: LabelSets,
  numbers: Int32Array<ArrayBuffer>,
  pace: Pace,
): Promise<SortedSets> {
  return new SortedSets(sets, await sortNumbersPaced(numbers, (a, b) => sets.compare(a, b), pace));
}
