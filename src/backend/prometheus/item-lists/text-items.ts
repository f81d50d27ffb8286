import { Buffer, isUtf8 } from 'node:buffer';
import { PackedTexts } from '../../../model/packed-texts.ts';
import { BodyBlocks, SMALL_BLOCK_BYTES } from '../body-blocks.ts';
import { MOST_TEXT_BYTES } from '../paced-json.ts';
import {
  BACKSLASH,
  CLOSE_LIST,
  COMMA,
  FIRST_BEYOND_ASCII,
  type ItemReader,
  type Place,
  QUOTE,
  SPACE,
} from './item-reader.ts';
import { brokenPart } from './list-scanner.ts';

/** What a text needs beside being copied: nothing, a look at its UTF-8, or to be read as JSON. */
type Form = 'plain' | 'wide' | 'escaped';

/** Reads a list of texts. */
export class TextItems implements ItemReader {
  readonly texts: PackedTexts = new PackedTexts();
  readonly #noList: () => Error;
  readonly #begun = new BodyBlocks(SMALL_BLOCK_BYTES);
  #place: Place = 'first';
  #before = 0;
  // Of the text that is being read.
  #isEscape = false;
  #form: Form = 'plain';

  /** @param noList makes what is thrown for an item that is no text. */
  constructor(noList: () => Error) {
    this.#noList = noList;
  }

  get bytes(): number {
    return this.texts.bytes;
  }

  get isAtEnd(): boolean {
    return this.#place === 'end';
  }

  push(part: Uint8Array, start: number, before: number): number {
    this.#before = before;
    let at = this.#place === 'inside' ? this.#continueText(part, start) : start;
    while (at < part.length && !this.isAtEnd) {
      const byte = part[at++]!;
      if (byte <= SPACE) continue;
      if (this.#place === 'behind') {
        if (byte !== COMMA && byte !== CLOSE_LIST) throw this.#broken(',', at - 1);
        this.#place = byte === COMMA ? 'item' : 'end';
      } else if (byte === QUOTE) {
        this.#form = 'plain';
        const end = this.#textEnd(part, at);
        if (end === part.length) {
          this.#place = 'inside';
          this.#begun.push(part.subarray(at));
          return end;
        }
        this.#add(part, at, end);
        at = end + 1;
      } else if (byte === CLOSE_LIST && this.#place === 'first') this.#place = 'end';
      else throw this.#noList();
    }
    return at;
  }

  /** A text that began in a part before. */
  #continueText(part: Uint8Array, start: number): number {
    const end = this.#textEnd(part, start);
    this.#begun.push(part.subarray(start, end));
    if (this.#begun.length > MOST_TEXT_BYTES)
      throw this.#broken(`a text of at most ${MOST_TEXT_BYTES} bytes`, start);
    if (end === part.length) return end;
    const text = Buffer.concat([...this.#begun.take()]);
    this.#add(text, 0, text.length);
    return end + 1;
  }

  /** Where the quote behind a text is; the end of the part where it is not there. */
  #textEnd(part: Uint8Array, start: number): number {
    for (let at = start; at < part.length; at++) {
      const byte = part[at]!;
      if (this.#isEscape) this.#isEscape = false;
      else if (byte === QUOTE) return at;
      else if (byte === BACKSLASH) {
        this.#isEscape = true;
        this.#form = 'escaped';
      } else if (byte < SPACE) this.#form = 'escaped';
      else if (byte >= FIRST_BEYOND_ASCII && this.#form === 'plain') this.#form = 'wide';
    }
    return part.length;
  }

  #add(bytes: Uint8Array, start: number, end: number): void {
    this.#place = 'behind';
    if (this.#form === 'plain' || (this.#form === 'wide' && isUtf8(bytes.subarray(start, end))))
      this.texts.add(bytes, start, end);
    else this.texts.addText(this.#parsed(bytes, start, end));
  }

  #parsed(bytes: Uint8Array, start: number, end: number): string {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString();
    try {
      return JSON.parse(`"${text}"`) as string;
    } catch (cause) {
      throw this.#broken('a valid text', start, cause);
    }
  }

  #broken(expected: string, at: number, cause?: unknown): Error {
    return brokenPart(expected, this.#before + at, cause);
  }
}
