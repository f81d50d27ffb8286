import { discard, withRoom } from './growing.ts';
import { HASH_PRIME, HASH_START, LabelTable } from './label-table.ts';

/** What stands before each label of a message: field 1, delimited (ChunkedSeries in Prometheus' remote.proto). */
const LABEL_TAG = 0x0a;
const FIRST_SLOTS = 256;
/** Slots that a section is looked for in. Should some all want the same slot, the rest is read as if it were new. */
const MAX_PROBES = 64;

/**
 * Label sets by the bytes that they came in, so that a server that sends the same series again costs a comparison for each
 * of them, and no label is read. Numbers of sets are dense and begin with 0; a set never changes. All answers that know
 * of one have their labels in its table. Outside of the JavaScript heap.
 */
export class KnownSeries {
  readonly table: LabelTable = new LabelTable();
  readonly #most: number;
  #length = 0;
  /** Sections, the encoded labels of a series, one after the other, and by set where they end. */
  #sections = new Uint8Array(0);
  #view = new DataView(this.#sections.buffer);
  #ends = new Uint32Array(0);
  /** Ids of labels, and by set where they end. */
  #ids = new Int32Array(0);
  #idEnds = new Uint32Array(0);
  #hashes = new Int32Array(0);
  /** By set: the one that came next in the newest answer + 1; 0 where none did. */
  #followers = new Int32Array(0);
  #first = -1;
  /** Open addressing: sets + 1; the length is a power of two, and half of it at most is in use. */
  #slots = new Int32Array(FIRST_SLOTS);
  #isFull = false;
  #beside = 0;

  /** @param most memory that it may take, bytes; beyond it nothing new is learnt. */
  constructor(most: number) {
    this.#most = most;
  }

  /** How many label sets there are. */
  get length(): number {
    return this.#length;
  }

  /** Memory that all of it takes, about, the table included. */
  get bytes(): number {
    return (
      this.table.bytes +
      this.#sections.length +
      4 * (this.#ids.length + this.#slots.length) +
      16 * this.#ends.length +
      this.#beside
    );
  }

  /** Whether there was something that it had no room for. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** Counts memory that somebody else keeps as long as this, bytes. */
  keepBeside(bytes: number): void {
    this.#beside += bytes;
  }

  /**
   * The set whose section begins at `start` of a message that ends at `end`, and is all labels that come there; -1 where none does.
   * @param after the set before it, -1 at the start of an answer.
   */
  find(message: DataView, start: number, end: number, after: number): number {
    const expected = after < 0 ? this.#first : this.#followers[after]! - 1;
    if (expected >= 0 && this.#isAt(expected, message, start, end)) return expected;
    if (this.#length === 0) return -1;
    const found = this.#lookUp(message, start, sectionEnd(message, start, end), end);
    if (found >= 0) this.#follow(after, found);
    return found;
  }

  /** How long the section of a set is, bytes. */
  sectionLength(set: number): number {
    return this.#ends[set]! - this.#sectionStart(set);
  }

  labelCount(set: number): number {
    return this.#idEnds[set]! - (set === 0 ? 0 : this.#idEnds[set - 1]!);
  }

  /** Appends the ids of a set's labels to others, of which there are `used`, and returns those. */
  appendIds(set: number, target: Int32Array<ArrayBuffer>, used: number): Int32Array<ArrayBuffer> {
    const from = set === 0 ? 0 : this.#idEnds[set - 1]!;
    const count = this.labelCount(set);
    const roomy = withRoom(target, used + count);
    for (let i = 0; i < count; i++) roomy[used + i] = this.#ids[from + i]!;
    return roomy;
  }

  /**
   * Keeps the labels whose section stands at [start, end) of a message.
   * @param ids of its labels in the table, the items [from, to), sorted by name.
   * @returns the number of the set; -1 where there is no room for it.
   */
  learn(
    message: DataView,
    start: number,
    end: number,
    ids: Int32Array,
    from: number,
    to: number,
    after: number,
  ): number {
    if (start === end) return -1;
    // Another answer may have brought it meanwhile.
    if (this.#isFull) return -1;
    const known = this.#lookUp(message, start, end, end);
    if (known >= 0) return known;
    const hash = hashOf(message, start, end);
    const slot = this.#freeSlot(hash);
    if (slot < 0) return -1;
    if (this.bytes > this.#most) {
      this.#forget();
      return -1;
    }
    const set = this.#length++;
    this.#slots[slot] = set + 1;
    this.#addSection(set, message, start, end);
    this.#idEnds = withRoom(this.#idEnds, this.#length);
    this.#hashes = withRoom(this.#hashes, this.#length);
    this.#followers = withRoom(this.#followers, this.#length);
    const used = set === 0 ? 0 : this.#idEnds[set - 1]!;
    const idsEnd = used + to - from;
    this.#idEnds[set] = idsEnd;
    this.#ids = withRoom(this.#ids, idsEnd);
    for (let i = from; i < to; i++) this.#ids[used + i - from] = ids[i]!;
    this.#hashes[set] = hash;
    this.#follow(after, set);
    if (this.#length * 2 > this.#slots.length) this.#grow();
    return set;
  }

  /** What does not hold all series is begun anew later; until then it would be in the way of the answer that is too large for it. */
  #forget(): void {
    this.#isFull = true;
    this.#length = 0;
    this.#first = -1;
    for (const column of [
      this.#sections,
      this.#ends,
      this.#ids,
      this.#idEnds,
      this.#hashes,
      this.#followers,
      this.#slots,
    ])
      discard(column);
    this.#sections = new Uint8Array(0);
    this.#view = new DataView(this.#sections.buffer);
    this.#ends = new Uint32Array(0);
    this.#ids = new Int32Array(0);
    this.#idEnds = new Uint32Array(0);
    this.#hashes = new Int32Array(0);
    this.#followers = new Int32Array(0);
    this.#slots = new Int32Array(FIRST_SLOTS);
  }

  #follow(after: number, set: number): void {
    if (after < 0) this.#first = set;
    // A long series comes in several pieces.
    else if (after !== set) this.#followers[after] = set + 1;
  }

  #sectionStart(set: number): number {
    return set === 0 ? 0 : this.#ends[set - 1]!;
  }

  #lookUp(message: DataView, start: number, end: number, messageEnd: number): number {
    if (start === end) return -1;
    const hash = hashOf(message, start, end);
    const mask = this.#slots.length - 1;
    const stride = strideOf(hash);
    for (let probes = 0, slot = hash & mask; probes < MAX_PROBES; probes++, slot = (slot + stride) & mask) {
      const set = this.#slots[slot]! - 1;
      if (set < 0) return -1;
      if (this.#hashes[set] === hash && this.#isAt(set, message, start, messageEnd)) return set;
    }
    return -1;
  }

  #isAt(set: number, message: DataView, start: number, end: number): boolean {
    const own = this.#sectionStart(set);
    const length = this.#ends[set]! - own;
    const after = start + length;
    if (after > end || (after < end && message.getUint8(after) === LABEL_TAG)) return false;
    const view = this.#view;
    // Labels differ at their end more often than at their start.
    let i = length - 4;
    for (; i >= 0; i -= 4)
      if (view.getInt32(own + i, true) !== message.getInt32(start + i, true)) return false;
    for (i += 3; i >= 0; i--) if (view.getUint8(own + i) !== message.getUint8(start + i)) return false;
    return true;
  }

  #addSection(set: number, message: DataView, start: number, end: number): void {
    const from = this.#sectionStart(set);
    const sections = withRoom(this.#sections, from + end - start);
    if (sections !== this.#sections) this.#view = new DataView(sections.buffer);
    this.#sections = sections;
    for (let i = start; i < end; i++) sections[from + i - start] = message.getUint8(i);
    this.#ends = withRoom(this.#ends, this.#length);
    this.#ends[set] = from + end - start;
  }

  #freeSlot(hash: number): number {
    const mask = this.#slots.length - 1;
    const stride = strideOf(hash);
    for (let probes = 0, slot = hash & mask; probes < MAX_PROBES; probes++, slot = (slot + stride) & mask)
      if (this.#slots[slot] === 0) return slot;
    return -1;
  }

  #grow(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let set = 0; set < this.#length; set++) {
      const slot = this.#freeSlot(this.#hashes[set]!);
      if (slot >= 0) this.#slots[slot] = set + 1;
    }
  }
}

/** Where the labels at the start of a series end; `start` where they are not written as servers write them. */
function sectionEnd(message: DataView, start: number, end: number): number {
  let at = start;
  while (at + 1 < end && message.getUint8(at) === LABEL_TAG) {
    let length = message.getUint8(at + 1);
    at += 2;
    if (length >= 0x80) {
      const high = at < end ? message.getUint8(at++) : 0x80;
      if (high >= 0x80) return start;
      length = (length & 0x7f) | (high << 7);
    }
    at += length;
  }
  return at > end ? start : at;
}

/** Odd, so that all slots are reached; without strides some sections would find long rows of slots in use. */
function strideOf(hash: number): number {
  return (hash >>> 16) | 1;
}

function hashOf(message: DataView, start: number, end: number): number {
  let hash = HASH_START;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(hash ^ message.getInt32(at, true), HASH_PRIME);
    hash ^= hash >>> 15;
  }
  for (; at < end; at++) hash = Math.imul(hash ^ message.getUint8(at), HASH_PRIME);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}
