import { pairsOf, type Labels } from '../../model/labels.ts';
import type { Pace } from '../../model/pacer.ts';
import { discard, trimmed } from './growing.ts';
import type { LabelTable } from './label-table.ts';
import type { SeriesTaker } from './lists/series-taker.ts';

/** How many series pass between two looks at the clock. */
const LOOK_EVERY = 64;

/** The labels of many series as ids: where those of each end, and how many there are. */
export interface LabelColumns {
  readonly labels: Int32Array<ArrayBuffer>;
  readonly ends: Uint32Array<ArrayBuffer>;
  readonly used: number;
  /** How many series there are. */
  readonly length: number;
}

/** Labels as ids of a table, which is asked again and again for those of its endpoint. */
const KNOWN_IDS = new WeakMap<LabelTable, { readonly labels: Labels; readonly ids: readonly number[] }>();

function idsIn(table: LabelTable, labels: Labels): readonly number[] {
  const known = KNOWN_IDS.get(table);
  if (known?.labels === labels) return known.ids;
  const ids = Array.from(pairsOf(labels), ([name, value]) => table.idOf(name, value));
  KNOWN_IDS.set(table, { labels, ids });
  return ids;
}

/** Labels that are laid over those of series, all as ids of one table. */
export class LabelOverlay {
  readonly ids: readonly number[];
  readonly #table: LabelTable;
  readonly #wins: 'extra' | 'series';

  /** @param wins whose value counts where both have a name. */
  constructor(table: LabelTable, extra: Labels, wins: 'extra' | 'series') {
    this.#table = table;
    this.ids = idsIn(table, extra);
    this.#wins = wins;
  }

  /**
   * Lays the labels over those of each series. Undefined where all carry them already, and nothing has changed; else the former columns
   * are of no more use.
   */
  async layOver(own: LabelColumns, pace: Pace): Promise<LabelColumns | undefined> {
    const { ends, length } = own;
    const startOf = (series: number): number => (series === 0 ? 0 : ends[series - 1]!);
    let first = 0;
    for (; first < length; first++) {
      if (!this.isCarried(own.labels, startOf(first), ends[first]!)) break;
      if (first % LOOK_EVERY === 0 && pace.due()) await pace.breathe();
    }
    if (first === length) return undefined;
    const labels = new Int32Array(own.used + this.ids.length * length);
    const newEnds = new Uint32Array(ends.length);
    let used = 0;
    for (let i = 0; i < length; i++) {
      used = this.merge(own.labels, startOf(i), ends[i]!, labels, used);
      newEnds[i] = used;
      if (i % LOOK_EVERY === 0 && pace.due()) await pace.breathe();
    }
    discard(own.labels);
    discard(ends);
    return { labels: trimmed(labels, used), ends: newEnds, used, length };
  }

  /** Whether the labels [from, to) of a list hold them all. */
  isCarried(own: Int32Array, from: number, to: number): boolean {
    for (const id of this.ids) {
      let at = from;
      while (at < to && own[at] !== id) at++;
      if (at === to) return false;
    }
    return true;
  }

  /**
   * Writes the labels [from, to) of a list, sorted, with these laid over them, behind the `used` ones of the target. Returns
   * how many there are then.
   */
  merge(own: Int32Array, from: number, to: number, target: Int32Array, used: number): number {
    const { ids: extra } = this;
    const table = this.#table;
    let at = from;
    let next = 0;
    let end = used;
    while (at < to || next < extra.length) {
      const [a, b] = [own[at]!, extra[next]!];
      let order = 0;
      if (at === to) order = 1;
      else if (next === extra.length) order = -1;
      else if (table.nameNumber(a) !== table.nameNumber(b)) order = table.compare(a, b);
      target[end++] = order < 0 || (order === 0 && this.#wins === 'series') ? a : b;
      if (order <= 0) at++;
      if (order >= 0) next++;
    }
    return end;
  }
}

/** Lays labels over those of each series on its way to the taker. */
export class OverlaidSeries implements SeriesTaker {
  readonly #taker: SeriesTaker;
  readonly #overlay: LabelOverlay;
  #laid = new Int32Array(0);

  /** @param wins whose value counts where both have a name. */
  constructor(taker: SeriesTaker, extra: Labels, wins: 'extra' | 'series') {
    this.#taker = taker;
    this.#overlay = new LabelOverlay(taker.table, extra, wins);
  }

  get table(): LabelTable {
    return this.#taker.table;
  }

  get bytes(): number {
    return this.#taker.bytes;
  }

  take(ids: Int32Array, length: number): void {
    const overlay = this.#overlay;
    if (overlay.isCarried(ids, 0, length)) return this.#taker.take(ids, length);
    const most = length + overlay.ids.length;
    if (most > this.#laid.length) this.#laid = new Int32Array(2 * most);
    this.#taker.take(this.#laid, overlay.merge(ids, 0, length, this.#laid, 0));
  }

  grew(): void {
    this.#taker.grew?.();
  }
}
