import type { Labels } from '../../model/labels.ts';
import { isUtf8 } from 'node:buffer';
import { randomInt } from 'node:crypto';
import { compareStrings } from '../../model/compare-strings.ts';
import { MessageFormatError } from '../message-format-error.ts';
import { decodeUtf8 } from '../protobuf/utf8.ts';
import { discard, withRoom } from './growing.ts';

const FIRST_SLOTS = 256;
/** A text, and its places in lists and maps. */
const BYTES_PER_NAME = 120;
const BYTES_PER_CROWDED = 200;
/**
 * So many values are kept as text at most. Those that many series have are found there again, and the others nobody needs
 * twice.
 */
const TEXTS = 1024;
/** FNV-1a, 32 bits (RFC 9923), with a start that nobody outside knows. */
export const HASH_PRIME = 0x01000193;
export const HASH_START: number = randomInt(2 ** 32);
/**
 * Slots that a label is looked for in. Anyone can choose labels; should some all want the same slot, the rest goes to a map.
 */
const MAX_PROBES = 16;
/** So many labels move to more slots each time that the former slots are looked into: some microseconds. */
const MOVED_AT_ONCE = 16;

/** Where labels were before the table grew. It takes a third of a second to move millions of them, so they move little by little. */
interface FormerSlots {
  readonly slots: Int32Array<ArrayBuffer>;
  readonly crowded: ReadonlyMap<string, number>;
  /** How many labels there are in them: those of the lowest ids. */
  readonly size: number;
  /** How many of these have moved. */
  moved: number;
}

/**
 * Labels as numbers: each pair of a name and a value is kept once, as bytes outside of the JavaScript heap, and becomes text
 * only where somebody asks for it. Ids are dense and begin with 0.
 */
export class LabelTable {
  /** Names and values one after the other. */
  #bytes = new Uint8Array(1024);
  #size = 0;
  /** By id: where the value ends, which name it has, and the hash. */
  #ends = new Uint32Array(0);
  #names = new Int32Array(0);
  #hashes = new Int32Array(0);
  /** Open addressing: ids + 1; the length is a power of two, and half of it at most is in use. */
  #slots = new Int32Array(FIRST_SLOTS);
  #crowded = new Map<string, number>();
  /** Until all labels have moved from them. */
  #former: FormerSlots | undefined;
  /** By number of a name. */
  readonly #nameTexts: string[] = [];
  readonly #nameBytes: number[] = [];
  readonly #nameNumbers = new Map<string, number>();
  /** By number of a name: another one that is known to stand before it. */
  readonly #before: number[] = [];
  /** Values as text that somebody asked for last, at places that follow from their ids, and those ids + 1. */
  readonly #texts: string[] = [];
  readonly #textIds = new Int32Array(TEXTS);

  /** How many labels there are. */
  get size(): number {
    return this.#size;
  }

  /** Memory that the table takes, about, texts not counted: there are few of them. */
  get bytes(): number {
    return (
      this.#bytes.length +
      12 * this.#ends.length +
      4 * (this.#slots.length + (this.#former?.slots.length ?? 0)) +
      BYTES_PER_NAME * this.#nameTexts.length +
      BYTES_PER_CROWDED * this.#crowded.size
    );
  }

  /**
   * The id of a label whose name and value are UTF-8 in `bytes`.
   * @param guess an id that it may have: that of the series before has the same label more often than not.
   * @throws MessageFormatError where the bytes are no UTF-8, since different labels would become equal, and where the name is empty.
   */
  id(
    bytes: Uint8Array,
    name: number,
    nameLength: number,
    value: number,
    valueLength: number,
    guess: number = -1,
  ): number {
    if (guess >= 0 && this.#is(guess, bytes, name, nameLength, value, valueLength)) return guess;
    let hash = HASH_START;
    for (let i = name; i < name + nameLength; i++) hash = Math.imul(hash ^ bytes[i]!, HASH_PRIME);
    // No byte of a name, so that `ab=c` and `a=bc` differ.
    hash = Math.imul(hash ^ 0x1ff, HASH_PRIME);
    for (let i = value; i < value + valueLength; i++) hash = Math.imul(hash ^ bytes[i]!, HASH_PRIME);
    const mask = this.#slots.length - 1;
    let slot = spread(hash) & mask;
    for (let probes = 0; probes < MAX_PROBES; probes++) {
      const id = this.#slots[slot]! - 1;
      if (id < 0) {
        const former = this.#formerId(hash, bytes, name, nameLength, value, valueLength);
        if (former >= 0) return former;
        const added = this.#add(hash, bytes, name, nameLength, value, valueLength);
        this.#slots[slot] = added + 1;
        if (this.#former !== undefined) this.#move(this.#former);
        if (this.#size * 2 > this.#slots.length) this.#grow();
        return added;
      }
      if (this.#hashes[id] === hash && this.#is(id, bytes, name, nameLength, value, valueLength)) return id;
      slot = (slot + 1) & mask;
    }
    const key = crowdedKey(decodeUtf8(bytes, name, nameLength), decodeUtf8(bytes, value, valueLength));
    const known = this.#crowded.get(key);
    if (known !== undefined) return known;
    const former = this.#formerId(hash, bytes, name, nameLength, value, valueLength);
    if (former >= 0) return former;
    const added = this.#add(hash, bytes, name, nameLength, value, valueLength);
    this.#crowded.set(key, added);
    if (this.#former !== undefined) this.#move(this.#former);
    return added;
  }

  /** The id of a label that has not moved yet; -1 where there is none. */
  #formerId(
    hash: number,
    bytes: Uint8Array,
    name: number,
    nameLength: number,
    value: number,
    valueLength: number,
  ): number {
    const former = this.#former;
    if (former === undefined) return -1;
    const { slots, crowded } = former;
    const mask = slots.length - 1;
    let slot = spread(hash) & mask;
    for (let probes = 0; probes < MAX_PROBES; probes++) {
      const id = slots[slot]! - 1;
      if (id < 0) return -1;
      if (this.#hashes[id] === hash && this.#is(id, bytes, name, nameLength, value, valueLength)) {
        this.#move(former);
        return id;
      }
      slot = (slot + 1) & mask;
    }
    if (crowded.size === 0) return -1;
    const key = crowdedKey(decodeUtf8(bytes, name, nameLength), decodeUtf8(bytes, value, valueLength));
    return crowded.get(key) ?? -1;
  }

  /** The id of a label that is there as text. Throws MessageFormatError for texts that UTF-8 cannot tell apart, and without a name. */
  idOf(name: string, value: string): number {
    if (!name.isWellFormed() || !value.isWellFormed())
      throw new MessageFormatError('a label holds half of a character, which no UTF-8 text can');
    const bytes = Buffer.from(name + value);
    const nameLength = Buffer.byteLength(name);
    return this.id(bytes, 0, nameLength, nameLength, bytes.length - nameLength);
  }

  /** The id that a label of another table has here. */
  adopt(other: LabelTable, id: number): number {
    const name = other.#start(id);
    const nameLength = other.#nameBytes[other.#names[id]!]!;
    const value = name + nameLength;
    return this.id(other.#bytes, name, nameLength, value, other.#ends[id]! - value);
  }

  /** A number of the label's name: equal for equal names. */
  nameNumber(id: number): number {
    return this.#names[id]!;
  }

  /** The labels whose ids stand at [from, to), in their order. */
  labelsOf(ids: Int32Array, from: number, to: number): Labels {
    const flat: string[] = [];
    for (let at = from; at < to; at++) flat.push(this.name(ids[at]!), this.value(ids[at]!));
    return flat as readonly string[] as Labels;
  }

  name(id: number): string {
    return this.#nameTexts[this.#names[id]!]!;
  }

  value(id: number): string {
    const place = id % TEXTS;
    if (this.#textIds[place] !== id + 1) {
      this.#texts[place] = this.#readValue(id);
      this.#textIds[place] = id + 1;
    }
    return this.#texts[place]!;
  }

  /** What {@link nameStart}, {@link valueStart} and {@link valueEnd} are places in, as long as no label is added. */
  get text(): Uint8Array {
    return this.#bytes;
  }

  /** Where the name of a label begins. The value stands behind it. */
  nameStart(id: number): number {
    return this.#start(id);
  }

  valueStart(id: number): number {
    return this.#start(id) + this.#nameBytes[this.#names[id]!]!;
  }

  valueEnd(id: number): number {
    return this.#ends[id]!;
  }

  /** Of a label: how many bytes its name and value have. */
  byteLength(id: number): number {
    return this.#ends[id]! - this.#start(id);
  }

  /** Frees the labels, which nobody may look at any more. What nobody waits for may still add some, and finds an empty table. */
  discard(): void {
    for (const array of [this.#bytes, this.#ends, this.#names, this.#hashes, this.#slots]) discard(array);
    this.#bytes = new Uint8Array(0);
    this.#ends = new Uint32Array(0);
    this.#names = new Int32Array(0);
    this.#hashes = new Int32Array(0);
    this.#slots = new Int32Array(FIRST_SLOTS);
    if (this.#former !== undefined) discard(this.#former.slots);
    this.#former = undefined;
    this.#size = 0;
    this.#crowded.clear();
  }

  /** Whether the name of a label stands behind that of another, in Prometheus' order of labels. */
  isBehind(id: number, other: number): boolean {
    const name = this.#names[id]!;
    const before = this.#names[other]!;
    // Series of one metric have the same names in the same order.
    if (this.#before[name] === before) return true;
    if (compareStrings(this.#nameTexts[before]!, this.#nameTexts[name]!) >= 0) return false;
    this.#before[name] = before;
    return true;
  }

  /** Orders labels by name, then by value, both by their bytes. */
  compare(a: number, b: number): number {
    if (a === b) return 0;
    const [nameA, nameB] = [this.#names[a]!, this.#names[b]!];
    if (nameA !== nameB) return compareStrings(this.#nameTexts[nameA]!, this.#nameTexts[nameB]!);
    const startA = this.#start(a) + this.#nameBytes[nameA]!;
    const startB = this.#start(b) + this.#nameBytes[nameB]!;
    const [lengthA, lengthB] = [this.#ends[a]! - startA, this.#ends[b]! - startB];
    const shorter = Math.min(lengthA, lengthB);
    for (let i = 0; i < shorter; i++) {
      const difference = this.#bytes[startA + i]! - this.#bytes[startB + i]!;
      if (difference !== 0) return difference;
    }
    return lengthA - lengthB;
  }

  #start(id: number): number {
    return id === 0 ? 0 : this.#ends[id - 1]!;
  }

  #is(
    id: number,
    bytes: Uint8Array,
    name: number,
    nameLength: number,
    value: number,
    valueLength: number,
  ): boolean {
    const own = this.#bytes;
    const start = this.#start(id);
    if (this.#ends[id]! - start !== nameLength + valueLength) return false;
    if (this.#nameBytes[this.#names[id]!] !== nameLength) return false;
    // Values differ at their end more often than names do at all.
    const ownValue = start + nameLength;
    for (let i = valueLength - 1; i >= 0; i--) if (own[ownValue + i] !== bytes[value + i]) return false;
    for (let i = 0; i < nameLength; i++) if (own[start + i] !== bytes[name + i]) return false;
    return true;
  }

  #add(
    hash: number,
    bytes: Uint8Array,
    name: number,
    nameLength: number,
    value: number,
    valueLength: number,
  ): number {
    // Prometheus refuses it in what it reads from others, too (storage/remote/codec.go).
    if (nameLength === 0) throw new MessageFormatError('a series has a label without a name');
    if (!isText(bytes, name, nameLength) || !isText(bytes, value, valueLength))
      throw new MessageFormatError(`a label of ${nameLength + valueLength} bytes is no valid UTF-8`);
    const id = this.#size++;
    const start = this.#start(id);
    const end = start + nameLength + valueLength;
    this.#bytes = withRoom(this.#bytes, end);
    copy(bytes, name, nameLength, this.#bytes, start);
    copy(bytes, value, valueLength, this.#bytes, start + nameLength);
    this.#ends = withRoom(this.#ends, this.#size);
    this.#names = withRoom(this.#names, this.#size);
    this.#hashes = withRoom(this.#hashes, this.#size);
    this.#ends[id] = end;
    this.#hashes[id] = hash;
    this.#names[id] = this.#numberOfName(decodeUtf8(bytes, name, nameLength), nameLength);
    return id;
  }

  #numberOfName(text: string, bytes: number): number {
    const known = this.#nameNumbers.get(text);
    if (known !== undefined) return known;
    const number = this.#nameTexts.push(text) - 1;
    this.#nameBytes.push(bytes);
    this.#before.push(-1);
    this.#nameNumbers.set(text, number);
    return number;
  }

  #readValue(id: number): string {
    const start = this.#start(id) + this.#nameBytes[this.#names[id]!]!;
    return decodeUtf8(this.#bytes, start, this.#ends[id]! - start);
  }

  /** All labels have moved by then: as many more as are to move have to be added before. */
  #grow(): void {
    const [slots, crowded] = [this.#slots, this.#crowded];
    this.#former = { slots, crowded, size: this.#size, moved: 0 };
    this.#slots = new Int32Array(slots.length * 2);
    // What had no slot before may have one now, and is looked for there.
    this.#crowded = new Map();
  }

  /** Moves some labels to the slots that the table has now. */
  #move(former: FormerSlots): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    const end = Math.min(former.moved + MOVED_AT_ONCE, former.size);
    for (let id = former.moved; id < end; id++) {
      let slot = spread(this.#hashes[id]!) & mask;
      let probes = 1;
      for (; probes < MAX_PROBES && slots[slot] !== 0; probes++) slot = (slot + 1) & mask;
      if (slots[slot] === 0) slots[slot] = id + 1;
      else this.#crowded.set(crowdedKey(this.name(id), this.#readValue(id)), id);
    }
    former.moved = end;
    if (end < former.size) return;
    discard(former.slots);
    this.#former = undefined;
  }
}

/** Mixes the bits (MurmurHash3, fmix32): FNV leaves those of the last bytes close together. */
function spread(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
}

function crowdedKey(name: string, value: string): string {
  return `${name.length} ${name}${value}`;
}

function isText(bytes: Uint8Array, start: number, length: number): boolean {
  for (let i = start; i < start + length; i++)
    if (bytes[i]! >= 0x80) return isUtf8(bytes.subarray(start, start + length));
  return true;
}

function copy(from: Uint8Array, start: number, length: number, to: Uint8Array, at: number): void {
  for (let i = 0; i < length; i++) to[at + i] = from[start + i]!;
}
