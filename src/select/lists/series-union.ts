import type { Budget } from '../../model/budget.ts';
import type { Pacer } from '../../model/pacer.ts';
import { LabelSets } from '../../wire/batch/label-sets.ts';
import { LabelTable } from '../../wire/batch/label-table.ts';
import { BYTES_TO_SORT, type SortedSets, sortSets } from '../../wire/batch/lists/sorted-sets.ts';
import type { Route } from '../routing/route.ts';
import { SeriesShare } from './series-share.ts';

/**
 * The label sets of several endpoints, each once, as ids of one table: of millions none is an object for longer than it is looked at, and
 * no list is held beside it. All methods throw what the pacer throws, where the request ended meanwhile, and what the budget throws.
 */
export class SeriesUnion {
  readonly #budget: Pick<Budget, 'take' | 'give'>;
  readonly #sets = new LabelSets(new LabelTable(), 0);
  readonly #shares: SeriesShare[] = [];
  #shareBytes = 0;
  #taken = 0;

  /** @param budget takes what the union grows by, and gets back what it frees. */
  constructor(budget: Pick<Budget, 'take' | 'give'>) {
    this.#budget = budget;
  }

  /**
   * Begins what an endpoint has of it. Nothing of that counts before it is named to {@link sorted}.
   * @param mergedHere names of the labels that are merged.
   */
  share(route: Route, mergedHere: ReadonlySet<string>): SeriesShare {
    const share = new SeriesShare(this.#sets, route, mergedHere, (bytes) => {
      this.#shareBytes += bytes;
      this.#settle();
    });
    this.#shares.push(share);
    return share;
  }

  /** What some of the shares have, in Prometheus' order. Nothing can be added afterwards. */
  async sorted(shares: readonly SeriesShare[], pacer: Pacer): Promise<SortedSets> {
    for (const share of this.#shares) share.close();
    const sets = this.#sets;
    sets.seal();
    this.#settle();
    this.#budget.take(BYTES_TO_SORT * sets.length);
    const numbers = new Int32Array(sets.length);
    let count = 0;
    await pacer.times(sets.length, (number) => {
      if (shares.some((share) => share.has(number))) numbers[count++] = number;
    });
    return sortSets(sets, numbers.subarray(0, count), pacer);
  }

  #settle(): void {
    const bytes = this.#sets.table.bytes + this.#sets.bytes + this.#shareBytes;
    if (bytes === this.#taken) return;
    if (bytes > this.#taken) this.#budget.take(bytes - this.#taken);
    else this.#budget.give(this.#taken - bytes);
    this.#taken = bytes;
  }
}
