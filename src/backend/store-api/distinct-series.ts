import type { Budget } from '../../model/budget.ts';
import type { Pacer } from '../../model/pacer.ts';
import { LabelSets } from '../../wire/batch/label-sets.ts';
import { LabelTable } from '../../wire/batch/label-table.ts';
import type { SeriesTaker } from '../../wire/batch/lists/series-taker.ts';
import { BYTES_TO_SORT, type SortedSets, sortSets } from '../../wire/batch/lists/sorted-sets.ts';

/** Takes series, and has each once. Servers may list the same one for several alternatives, or for one. */
export class DistinctSeries implements SeriesTaker {
  /** It takes them from the budget itself. */
  readonly bytes = 0;
  readonly #sets: LabelSets;
  readonly #budget: Pick<Budget, 'take' | 'give'>;
  readonly #outer: SeriesTaker | undefined;
  #taken = 0;

  /** @param outer who gets them in the end, and counts its table, which this fills. */
  constructor(budget: Pick<Budget, 'take' | 'give'>, outer?: SeriesTaker) {
    this.#budget = budget;
    this.#sets = new LabelSets(outer?.table ?? new LabelTable(), 0);
    this.#outer = outer;
  }

  get table(): LabelTable {
    return this.#sets.table;
  }

  take(ids: Int32Array, length: number): void {
    for (let at = 0; at < length; at++) this.#sets.push(ids[at]!);
    this.#sets.end();
    this.#settle();
    this.#outer?.grew?.();
  }

  /** Gives all back. To be called where nothing of it is used. */
  giveBack(): void {
    this.#budget.give(this.#taken);
    this.#taken = 0;
  }

  /** The first of them in order; all where the limit is 0. Nothing can be taken afterwards. Throws what the pacer and the budget throw. */
  async first(limit: number, pacer: Pacer): Promise<SortedSets> {
    const sets = this.#sets;
    sets.seal();
    this.#settle(BYTES_TO_SORT * sets.length);
    const sorted = await sortSets(sets, await allNumbers(sets.length, pacer), pacer);
    return limit === 0 ? sorted : sorted.first(limit);
  }

  /** @param besides bytes that are needed beside the sets. */
  #settle(besides: number = 0): void {
    const bytes = this.#sets.bytes + (this.#outer === undefined ? this.table.bytes : 0) + besides;
    if (bytes > this.#taken) this.#budget.take(bytes - this.#taken);
    else this.#budget.give(this.#taken - bytes);
    this.#taken = bytes;
  }
}

async function allNumbers(count: number, pacer: Pacer): Promise<Int32Array<ArrayBuffer>> {
  const numbers = new Int32Array(count);
  await pacer.times(count, (number) => {
    numbers[number] = number;
  });
  return numbers;
}
