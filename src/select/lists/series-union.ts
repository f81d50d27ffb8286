import type { Budget } from '../../model/budget.ts';
import type { Labels } from '../../model/labels.ts';
import { LazyList, type ItemList } from '../../model/lazy-list.ts';
import { sortNumbersPaced } from '../../model/paced-sort.ts';
import type { Pacer } from '../../model/pacer.ts';
import { LabelSets } from '../../wire/batch/label-sets.ts';
import type { LabelTable } from '../../wire/batch/label-table.ts';
import { idsOf, PackedSeries } from '../../wire/batch/packed-series.ts';

/** A number in the order of the series. */
const BYTES_PER_PLACE = 4;

/**
 * The label sets of several lists, each once, as ids of one table: of millions none is an object for longer than it is looked at. All
 * methods throw what the pacer throws, where the request ended meanwhile, and what the budget throws.
 */
export class SeriesUnion {
  readonly #table: LabelTable;
  readonly #budget: Pick<Budget, 'take'>;
  readonly #pacer: Pacer;
  readonly #sets: LabelSets;
  #taken = 0;

  /** @param budget takes what is made here; what the table has already was taken before. */
  constructor(table: LabelTable, budget: Pick<Budget, 'take'>, pacer: Pacer) {
    this.#table = table;
    this.#budget = budget;
    this.#pacer = pacer;
    this.#sets = new LabelSets(table, 0);
    this.#taken = table.bytes + this.#sets.bytes;
  }

  /**
   * Adds the series of a list, which is of no more use then.
   * @param accepts which of them are wanted.
   * @param isMerged which labels are taken away.
   */
  async add(
    list: ItemList<Labels>,
    accepts: (labels: Labels) => boolean,
    isMerged: (name: string, value: string) => boolean,
  ): Promise<void> {
    const packed = list instanceof PackedSeries && list.table === this.#table ? list : undefined;
    await this.#pacer.forEach(list, (labels, index) => {
      if (!accepts(labels)) return;
      const ids = packed === undefined ? idsOf(this.#table, labels) : undefined;
      const start = packed?.start(index) ?? 0;
      for (let i = 0; i < labels.length; i += 2) {
        if (isMerged(labels[i]!, labels[i + 1]!)) continue;
        this.#sets.push(ids === undefined ? packed!.labelAt(start + i / 2) : ids[i / 2]!);
      }
      this.#sets.end();
      this.#takeGrowth();
    });
    packed?.discard();
  }

  /** All of them in Prometheus' order. Nothing can be added afterwards. */
  async sorted(): Promise<ItemList<Labels>> {
    const sets = this.#sets;
    sets.seal();
    this.#budget.take(2 * BYTES_PER_PLACE * sets.length);
    const order = await sortNumbersPaced(
      Int32Array.from({ length: sets.length }, (_, number) => number),
      (a, b) => sets.compare(a, b),
      this.#pacer,
    );
    return new LazyList(sets.length, (index) => sets.flat(order[index]!));
  }

  #takeGrowth(): void {
    const bytes = this.#table.bytes + this.#sets.bytes;
    if (bytes <= this.#taken) return;
    this.#budget.take(bytes - this.#taken);
    this.#taken = bytes;
  }
}
