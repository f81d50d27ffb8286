import type { Labels } from '../../model/labels.ts';
import { HASH_PRIME, HASH_START, type LabelTable } from './label-table.ts';
import { discard, trimmed, withRoom } from './growing.ts';
import type { SeriesTaker } from './lists/series-taker.ts';

/** So many sets go over to larger slots with each one that is ended: all of a million at once would hold the event loop. */
const MOVED_AT_ONCE = 8;

/** Label sets as lists of label ids, each once and with a number. */
export class LabelSets {
  /** That the ids are of. */
  readonly table: LabelTable;
  #ids = new Int32Array(0);
  #ends = new Uint32Array(0);
  #hashes = new Int32Array(0);
  #length = 0;
  #used = 0;
  /** Numbers + 1. Half of them are free at least, so that the search always ends. */
  #slots: Int32Array<ArrayBuffer>;
  /** Smaller ones that were full, as long as not all of their sets are found in the others. */
  #fullSlots: Int32Array<ArrayBuffer> | undefined;
  /** How many of those sets there are, and how many went over. */
  #toMove = 0;
  #moved = 0;

  /** @param expected how many label sets there will be, about. */
  constructor(table: LabelTable, expected: number) {
    this.table = table;
    // Full ones must have one that is free as well, so that a search ends.
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * expected + 3)));
  }

  get length(): number {
    return this.#length;
  }

  /** Memory that it takes, about. */
  get bytes(): number {
    const slots = this.#slots.length + (this.#fullSlots?.length ?? 0);
    return 4 * (this.#ids.length + this.#ends.length + this.#hashes.length + slots);
  }

  /** Adds a label to the open set. */
  push(id: number): void {
    this.#ids = withRoom(this.#ids, this.#used + 1);
    this.#ids[this.#used++] = id;
  }

  /** Takes back what was added to the open set. */
  drop(): void {
    this.#used = this.start(this.#length);
  }

  /** Ends the open set and returns its number: that of an equal one, or the next. */
  end(): number {
    const from = this.start(this.#length);
    let hash = HASH_START;
    for (let at = from; at < this.#used; at++) hash = Math.imul(hash ^ this.#ids[at]!, HASH_PRIME);
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 0x2c1b3c6d);
    hash ^= hash >>> 12;
    const found = this.#find(this.#slots, hash, from);
    const older =
      found < 0 && this.#fullSlots !== undefined ? this.#find(this.#fullSlots, hash, from) : found;
    this.#move();
    if (older >= 0) {
      this.#used = from;
      return older;
    }
    const number = this.#length++;
    this.#place(number, hash);
    this.#hashes = withRoom(this.#hashes, this.#length);
    this.#ends = withRoom(this.#ends, this.#length);
    this.#hashes[number] = hash;
    this.#ends[number] = this.#used;
    if (2 * this.#length > this.#slots.length) this.#grow();
    return number;
  }

  /** Frees what only adding needs, which nobody may do afterwards. */
  seal(): void {
    this.#discardSlots();
    if (isMuchLarger(this.#ids, this.#used)) this.#ids = trimmed(this.#ids, this.#used);
    if (isMuchLarger(this.#ends, this.#length)) this.#ends = trimmed(this.#ends, this.#length);
  }

  /** Frees all sets, which nobody may look at any more. The table stays. */
  discard(): void {
    this.#discardSlots();
    discard(this.#ids);
    discard(this.#ends);
  }

  /** Where the labels of a set begin, see {@link idAt}. Those of the next one begin where they end. */
  start(number: number): number {
    return number === 0 ? 0 : this.#ends[number - 1]!;
  }

  /** The id of a label of a set. */
  idAt(place: number): number {
    return this.#ids[place]!;
  }

  /** The labels of a set. */
  flat(number: number): Labels {
    return this.table.labelsOf(this.#ids, this.start(number), this.#ends[number]!);
  }

  /** Gives a set to a taker of the same table. */
  handOver(number: number, taker: SeriesTaker): void {
    const [start, end] = [this.start(number), this.#ends[number]!];
    taker.take(this.#ids.subarray(start, end), end - start);
  }

  /** The value of a label of a set; the empty string where it has none. */
  value(number: number, name: string): string {
    for (let at = this.start(number); at < this.#ends[number]!; at++) {
      const id = this.#ids[at]!;
      if (this.table.name(id) === name) return this.table.value(id);
    }
    return '';
  }

  /** Whether two sets have the same labels of these names. */
  agree(a: number, b: number, names: ReadonlySet<string>): boolean {
    let [i, j] = [this.start(a), this.start(b)];
    const [endA, endB] = [this.#ends[a]!, this.#ends[b]!];
    for (;;) {
      while (i < endA && !names.has(this.table.name(this.#ids[i]!))) i++;
      while (j < endB && !names.has(this.table.name(this.#ids[j]!))) j++;
      if (i === endA || j === endB) return i === endA && j === endB;
      if (this.#ids[i++] !== this.#ids[j++]) return false;
    }
  }

  /** Prometheus' order of label sets: label by label, then the shorter first. */
  compare(a: number, b: number): number {
    const [startA, startB] = [this.start(a), this.start(b)];
    const [lengthA, lengthB] = [this.#ends[a]! - startA, this.#ends[b]! - startB];
    const shorter = Math.min(lengthA, lengthB);
    for (let i = 0; i < shorter; i++) {
      const [idA, idB] = [this.#ids[startA + i]!, this.#ids[startB + i]!];
      if (idA !== idB) return this.table.compare(idA, idB);
    }
    return lengthA - lengthB;
  }

  /** The number of the set which is as the open one; -1 where none is. */
  #find(slots: Int32Array, hash: number, from: number): number {
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (; slots[slot] !== 0; slot = (slot + 1) & mask) {
      const known = slots[slot]! - 1;
      if (this.#hashes[known] === hash && this.#isOpen(known, from)) return known;
    }
    return -1;
  }

  #place(number: number, hash: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hash & mask;
    while (slots[slot] !== 0) slot = (slot + 1) & mask;
    slots[slot] = number + 1;
  }

  /** The larger slots are full no sooner than as many sets again have come, so all have gone over by then. */
  #grow(): void {
    this.#fullSlots = this.#slots;
    this.#slots = new Int32Array(2 * this.#slots.length);
    this.#toMove = this.#length;
    this.#moved = 0;
  }

  #move(): void {
    if (this.#fullSlots === undefined) return;
    const until = Math.min(this.#moved + MOVED_AT_ONCE, this.#toMove);
    for (; this.#moved < until; this.#moved++) this.#place(this.#moved, this.#hashes[this.#moved]!);
    if (this.#moved < this.#toMove) return;
    discard(this.#fullSlots);
    this.#fullSlots = undefined;
  }

  #discardSlots(): void {
    for (const array of [this.#slots, this.#fullSlots, this.#hashes]) if (array !== undefined) discard(array);
  }

  #isOpen(known: number, from: number): boolean {
    const start = this.start(known);
    const length = this.#ends[known]! - start;
    if (this.#used - from !== length) return false;
    for (let i = 0; i < length; i++) if (this.#ids[start + i] !== this.#ids[from + i]) return false;
    return true;
  }
}

/** Whether it is worth to trim an array, which takes as much again for a moment. */
function isMuchLarger({ length }: Int32Array | Uint32Array, needed: number): boolean {
  return length > 1.25 * needed;
}
