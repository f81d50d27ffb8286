import type { Labels } from '../../../model/labels.ts';
import type { ItemList } from '../../../model/lazy-list.ts';
import { withRoom } from '../growing.ts';
import { LabelTable } from '../label-table.ts';
import type { SeriesTaker } from './series-taker.ts';

/**
 * A list of label sets as ids of a table: four bytes a label and four a set, outside of the JavaScript heap. A set becomes an object when
 * it is looked at. In the order in which they came.
 */
export class PackedSeries implements ItemList<Labels>, SeriesTaker {
  readonly table: LabelTable = new LabelTable();
  #labels = new Int32Array(0);
  #ends = new Uint32Array(0);
  #length = 0;
  #used = 0;

  get length(): number {
    return this.#length;
  }

  get bytes(): number {
    return this.table.bytes + this.#labels.byteLength + this.#ends.byteLength;
  }

  take(ids: Int32Array, length: number): void {
    this.#labels = withRoom(this.#labels, this.#used + length);
    for (let i = 0; i < length; i++) this.#labels[this.#used++] = ids[i]!;
    this.#ends = withRoom(this.#ends, this.#length + 1);
    this.#ends[this.#length++] = this.#used;
  }

  /** Counts from 0 alone, other than an array does. */
  at(index: number): Labels | undefined {
    if (index < 0 || index >= this.#length) return undefined;
    const start = index === 0 ? 0 : this.#ends[index - 1]!;
    return this.table.labelsOf(this.#labels, start, this.#ends[index]!);
  }

  *[Symbol.iterator](): Generator<Labels> {
    for (let index = 0; index < this.#length; index++) yield this.at(index)!;
  }
}
