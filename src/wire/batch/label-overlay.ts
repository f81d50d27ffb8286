import { pairsOf, type Labels } from '../../model/labels.ts';
import type { LabelTable } from './label-table.ts';

/** Labels that are laid over those of series, all as ids of one table. */
export class LabelOverlay {
  readonly ids: readonly number[];
  readonly #table: LabelTable;
  readonly #wins: 'extra' | 'series';

  /** @param wins whose value counts where both have a name. */
  constructor(table: LabelTable, extra: Labels, wins: 'extra' | 'series') {
    this.#table = table;
    this.ids = [...pairsOf(extra)].map(([name, value]) => table.idOf(name, value));
    this.#wins = wins;
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
