import { type Labels, labelsFromRecord, labelsToRecord } from '../../model/labels.ts';
import type { ItemList } from '../../model/lazy-list.ts';
import type { Pace } from '../../model/pacer.ts';
import { discard, withRoom } from './growing.ts';
import { LabelOverlay } from './label-overlay.ts';
import type { LabelTable } from './label-table.ts';

/**
 * A list of label sets as ids of a table: four bytes a label and four a set, outside of the JavaScript heap. A set becomes an object when
 * it is looked at. Lists of one table can be compared by ids.
 */
export class PackedSeries implements ItemList<Labels> {
  readonly table: LabelTable;
  #labels = new Int32Array(0);
  #ends = new Uint32Array(0);
  #length = 0;
  #used = 0;

  constructor(table: LabelTable) {
    this.table = table;
  }

  get length(): number {
    return this.#length;
  }

  /** Memory that the list takes, without its table. */
  get bytes(): number {
    return this.#labels.byteLength + this.#ends.byteLength;
  }

  /**
   * Adds a label to the open set, of UTF-8 in `bytes`. False where its name does not stand behind that of the label before.
   * @throws MessageFormatError as {@link LabelTable.id} does.
   */
  pushInOrder(
    bytes: Uint8Array,
    name: number,
    nameLength: number,
    value: number,
    valueLength: number,
  ): boolean {
    const start = this.start(this.#length);
    const place = this.#used - start;
    // The set before has the same label at the same place more often than not.
    const before = this.#length === 0 ? start : this.start(this.#length - 1) + place;
    const guess = before < start ? this.#labels[before]! : -1;
    const id = this.table.id(bytes, name, nameLength, value, valueLength, guess);
    if (place > 0 && !this.table.isBehind(id, this.#labels[this.#used - 1]!)) return false;
    this.#push(id);
    return true;
  }

  /** Takes back what was added to the open set. */
  drop(): void {
    this.#used = this.start(this.#length);
  }

  /** Ends the open set. */
  end(): void {
    this.#ends = withRoom(this.#ends, this.#length + 1);
    this.#ends[this.#length++] = this.#used;
  }

  /** Adds a set. Halves of characters, which UTF-8 has no form for, become U+FFFD. */
  add(labels: Labels): void {
    for (const id of idsOf(this.table, labels)) this.#push(id);
    this.end();
  }

  /** Where the labels of a set begin, see {@link labelAt}. Those of the next one begin where they end. */
  start(index: number): number {
    return index === 0 ? 0 : this.#ends[index - 1]!;
  }

  /** The id of a label. */
  labelAt(place: number): number {
    return this.#labels[place]!;
  }

  /**
   * Lays labels over those of each set.
   * @param wins whose value counts where both have a name.
   */
  async layOver(extra: Labels, wins: 'extra' | 'series', pace: Pace): Promise<void> {
    if (extra.length === 0) return;
    const own = { labels: this.#labels, ends: this.#ends, used: this.#used, length: this.#length };
    const laid = await new LabelOverlay(this.table, extra, wins).layOver(own, pace);
    if (laid === undefined) return;
    this.#labels = laid.labels;
    this.#ends = laid.ends;
    this.#used = laid.used;
  }

  /** Frees the memory of the list, which nobody may look at afterwards. */
  discard(): void {
    discard(this.#labels);
    discard(this.#ends);
    this.#length = 0;
  }

  /** Counts from 0 alone, other than an array does. */
  at(index: number): Labels | undefined {
    if (index < 0 || index >= this.#length) return undefined;
    return this.table.labelsOf(this.#labels, this.start(index), this.#ends[index]!);
  }

  *[Symbol.iterator](): Generator<Labels> {
    for (let index = 0; index < this.#length; index++) yield this.at(index)!;
  }

  #push(id: number): void {
    this.#labels = withRoom(this.#labels, this.#used + 1);
    this.#labels[this.#used++] = id;
  }
}

/** The ids of a label set in a table, in their order. Halves of characters, which UTF-8 has no form for, become U+FFFD. */
export function idsOf(table: LabelTable, labels: Labels): readonly number[] {
  const isText = labels.every((text) => text.isWellFormed());
  const texts = isText ? labels : wellFormed(labels);
  const ids: number[] = [];
  for (let i = 0; i < texts.length; i += 2) ids.push(table.idOf(texts[i]!, texts[i + 1]!));
  return ids;
}

function wellFormed(labels: Labels): Labels {
  const pairs = Object.entries(labelsToRecord(labels));
  return labelsFromRecord(
    Object.fromEntries(pairs.map(([name, value]) => [name.toWellFormed(), value.toWellFormed()])),
  );
}
