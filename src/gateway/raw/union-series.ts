import type { SelectedSeries } from '../../engine/series-source.ts';
import { compareLabels, type Labels } from '../../model/labels.ts';
import { LazyList, type ItemList } from '../../model/lazy-list.ts';
import type { Pacer } from '../../model/pacer.ts';

/** Bytes that a union takes for each series of its lists. */
export const UNION_BYTES = 8;

/**
 * The series of several lists as one, sorted by labels, each label set once: that of the first list that has it. Each list is
 * sorted by labels itself. Nothing but places is held.
 */
export async function unionSeries(
  lists: readonly ItemList<SelectedSeries>[],
  pacer: Pacer,
): Promise<ItemList<SelectedSeries>> {
  if (lists.length === 1) return lists[0]!;
  const total = lists.reduce((sum, { length }) => sum + length, 0);
  const [listOf, placeOf] = [new Uint32Array(total), new Uint32Array(total)];
  const heap = new CursorHeap(lists);
  let count = 0;
  let last: Labels | undefined;
  for (let top = heap.top; top !== undefined; top = heap.top) {
    if (last === undefined || compareLabels(last, top.labels) !== 0) {
      last = top.labels;
      listOf[count] = top.list;
      placeOf[count++] = top.place;
    }
    heap.advance();
    if (pacer.due()) await pacer.breathe();
  }
  return new LazyList(count, (index) => lists[listOf[index]!]!.at(placeOf[index]!)!);
}

interface Cursor {
  readonly list: number;
  place: number;
  labels: Labels;
}

/** The next series of each list, the least on top. */
class CursorHeap {
  readonly #lists: readonly ItemList<SelectedSeries>[];
  readonly #cursors: Cursor[] = [];

  constructor(lists: readonly ItemList<SelectedSeries>[]) {
    this.#lists = lists;
    lists.forEach((series, list) => {
      const first = series.at(0);
      if (first !== undefined) this.#cursors.push({ list, place: 0, labels: first.labels });
    });
    for (let i = (this.#cursors.length >> 1) - 1; i >= 0; i--) this.#sink(i);
  }

  get top(): Readonly<Cursor> | undefined {
    return this.#cursors[0];
  }

  /** Puts the next series of the list on top in its place. */
  advance(): void {
    const top = this.#cursors[0]!;
    const next = this.#lists[top.list]!.at(top.place + 1);
    if (next === undefined) {
      const last = this.#cursors.pop()!;
      if (last === top) return;
      this.#cursors[0] = last;
    } else {
      top.place++;
      top.labels = next.labels;
    }
    this.#sink(0);
  }

  #sink(from: number): void {
    const cursors = this.#cursors;
    for (let i = from; ;) {
      let least = i;
      for (const child of [2 * i + 1, 2 * i + 2])
        if (child < cursors.length && isBefore(cursors[child]!, cursors[least]!)) least = child;
      if (least === i) return;
      [cursors[i], cursors[least]] = [cursors[least]!, cursors[i]!];
      i = least;
    }
  }
}

function isBefore(a: Cursor, b: Cursor): boolean {
  const order = compareLabels(a.labels, b.labels);
  return order < 0 || (order === 0 && a.list < b.list);
}
