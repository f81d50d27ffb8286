import { type Labels, labelsFromRecord, labelsToRecord, pairsOf } from '../../../model/labels.ts';
import { sortByName } from '../label-order.ts';
import { MOST_LABELS, tooManyLabels } from '../series-limits.ts';
import type { SeriesTaker } from './series-taker.ts';

const FIRST_CAPACITY = 64;

/** The series of a list that is being read, label by label. When it ends, the taker has it. */
export class OpenSeries {
  readonly #taker: SeriesTaker;
  #ids = new Int32Array(FIRST_CAPACITY);
  #length = 0;
  /** Those of the series before. */
  #last = new Int32Array(FIRST_CAPACITY);
  #lastLength = -1;
  #count = 0;

  constructor(taker: SeriesTaker) {
    this.#taker = taker;
  }

  get table(): SeriesTaker['table'] {
    return this.#taker.table;
  }

  /** How many series ended. */
  get count(): number {
    return this.#count;
  }

  /** An id that the next label may have: the series before has the same label at the same place more often than not. */
  get guess(): number {
    return this.#length < this.#lastLength ? this.#last[this.#length]! : -1;
  }

  /** Throws MessageFormatError where there are too many. */
  addLabel(id: number): void {
    if (this.#length === MOST_LABELS) throw tooManyLabels();
    if (this.#length === this.#ids.length) {
      const larger = new Int32Array(2 * this.#length);
      larger.set(this.#ids);
      this.#ids = larger;
    }
    this.#ids[this.#length++] = id;
  }

  /**
   * Adds a label of UTF-8 in `bytes`. False where its name does not stand behind that of the label before.
   * @throws MessageFormatError as `LabelTable.id` does, and where there are too many.
   */
  pushInOrder(
    bytes: Uint8Array,
    name: number,
    nameLength: number,
    value: number,
    valueLength: number,
  ): boolean {
    const { table } = this.#taker;
    const id = table.id(bytes, name, nameLength, value, valueLength, this.guess);
    if (this.#length > 0 && !table.isBehind(id, this.#ids[this.#length - 1]!)) return false;
    this.addLabel(id);
    return true;
  }

  /** Takes back what was added. */
  drop(): void {
    this.#length = 0;
  }

  /** Ends the series, whose labels are in order. */
  end(): void {
    const ids = this.#ids;
    const length = this.#length;
    this.#ids = this.#last;
    this.#last = ids;
    this.#lastLength = length;
    this.#length = 0;
    this.#count++;
    this.#taker.take(ids, length);
  }

  /**
   * Ends a series whose labels may come in any order. One that a server sends in several pieces, one after the other, is one.
   * @throws MessageFormatError where a label name occurs twice.
   */
  endSeries(): void {
    sortByName(this.table, this.#ids, 0, this.#length);
    if (this.#isLast()) this.drop();
    else this.end();
  }

  /** Adds a series. Halves of characters, which UTF-8 has no form for, become U+FFFD. */
  add(labels: Labels): void {
    const texts = labels.every((text) => text.isWellFormed()) ? labels : wellFormed(labels);
    for (const [name, value] of pairsOf(texts)) this.addLabel(this.table.idOf(name, value));
    this.end();
  }

  /** Chunks are of no use to a list, and servers are asked for none. */
  addChunk(): void {}

  #isLast(): boolean {
    if (this.#length !== this.#lastLength) return false;
    for (let i = 0; i < this.#length; i++) if (this.#ids[i] !== this.#last[i]) return false;
    return true;
  }
}

function wellFormed(labels: Labels): Labels {
  const pairs = Object.entries(labelsToRecord(labels));
  return labelsFromRecord(
    Object.fromEntries(pairs.map(([name, value]) => [name.toWellFormed(), value.toWellFormed()])),
  );
}
