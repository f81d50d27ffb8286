import { isUtf8 } from 'node:buffer';
import { MessageFormatError } from '../message-format-error.ts';

const EMPTY_SLOTS = 1024;
/** FNV-1a, 32 bits (RFC 9923). */
const HASH_START = 0x811c9dc5;
const HASH_PRIME = 0x01000193;
/**
 * Slots that a text is looked for in. Anyone can choose labels that all want the same slot; what finds no place there
 * goes to a map, whose hashes cannot be foreseen.
 */
const MAX_PROBES = 16;

/**
 * Keeps each text of many messages once. Texts that are there already, as most labels of an answer are, are found by
 * their bytes, so nothing is made of them only to be thrown away.
 */
export class StringTable {
  /** Open addressing; the length is a power of two, and half of it at most is in use. */
  #slots: (string | undefined)[] = emptySlots(EMPTY_SLOTS);
  #hashes = new Int32Array(EMPTY_SLOTS);
  #used = 0;
  /** Texts beyond ASCII, whose characters are not their bytes, and those that found no slot. */
  readonly #others = new Map<string, string>();
  readonly #malformed: 'replace' | 'refuse';

  /**
   * @param malformed what to do with bytes that are no UTF-8: put U+FFFD in their place, so that texts that differ may
   * become equal, or throw MessageFormatError.
   */
  constructor(malformed: 'replace' | 'refuse' = 'replace') {
    this.#malformed = malformed;
  }

  /** The text of `length` bytes of UTF-8. */
  text(bytes: Uint8Array, start: number, length: number): string {
    let hash = HASH_START;
    for (let i = start; i < start + length; i++) {
      const byte = bytes[i]!;
      if (byte >= 0x80) return this.#other(bytes, start, length);
      hash = Math.imul(hash ^ byte, HASH_PRIME);
    }
    const slot = hash & (this.#slots.length - 1);
    const known = this.#slots[slot];
    // Most texts are found at once.
    return known !== undefined && this.#hashes[slot] === hash && isText(known, bytes, start, length)
      ? known
      : this.#probe(slot, hash, bytes, start, length);
  }

  /** Looks on from a slot, and adds the text where it is not there yet. */
  #probe(first: number, hash: number, bytes: Uint8Array, start: number, length: number): string {
    const mask = this.#slots.length - 1;
    let slot = first;
    for (let probes = 0; probes < MAX_PROBES; probes++) {
      const known = this.#slots[slot];
      if (known === undefined) return this.#add(slot, hash, decodeUtf8(bytes, start, length));
      if (this.#hashes[slot] === hash && isText(known, bytes, start, length)) return known;
      slot = (slot + 1) & mask;
    }
    return this.#once(decodeUtf8(bytes, start, length));
  }

  #add(slot: number, hash: number, text: string): string {
    this.#slots[slot] = text;
    this.#hashes[slot] = hash;
    this.#used++;
    if (this.#used * 2 > this.#slots.length) this.#grow();
    return text;
  }

  #grow(): void {
    const [slots, hashes] = [this.#slots, this.#hashes];
    const mask = slots.length * 2 - 1;
    this.#slots = emptySlots(slots.length * 2);
    this.#hashes = new Int32Array(slots.length * 2);
    for (const [i, text] of slots.entries()) {
      if (text === undefined) continue;
      let slot = hashes[i]! & mask;
      for (let probes = 1; probes < MAX_PROBES && this.#slots[slot] !== undefined; probes++)
        slot = (slot + 1) & mask;
      if (this.#slots[slot] === undefined) {
        this.#slots[slot] = text;
        this.#hashes[slot] = hashes[i]!;
      } else this.#once(text);
    }
  }

  #other(bytes: Uint8Array, start: number, length: number): string {
    if (this.#malformed === 'refuse' && !isUtf8(bytes.subarray(start, start + length)))
      throw new MessageFormatError(`a text of ${length} bytes is no valid UTF-8`);
    return this.#once(decodeUtf8(bytes, start, length));
  }

  #once(text: string): string {
    const known = this.#others.get(text);
    if (known !== undefined) return known;
    this.#others.set(text, text);
    return text;
  }
}

function emptySlots(count: number): (string | undefined)[] {
  const slots: undefined[] = [];
  // Array.from takes six times as long, which shows in answers of many short series.
  for (let i = 0; i < count; i++) slots.push(undefined);
  return slots;
}

function isText(text: string, bytes: Uint8Array, start: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let i = 0; i < length; i++) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}

export function decodeUtf8(bytes: Uint8Array, start: number, length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, length).toString('utf8');
}
