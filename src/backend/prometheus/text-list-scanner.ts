import { Buffer, isUtf8 } from 'node:buffer';
import { PackedTexts } from '../../model/packed-texts.ts';
import { BodyBlocks } from './body-blocks.ts';
import { brokenJson, MOST_TEXT_BYTES } from './paced-json.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const SPACE = 0x20;
const FIRST_BEYOND_ASCII = 0x80;

/** The member of an envelope that holds the list. */
export const LIST_MEMBER = 'data';
const LIST_KEY = Buffer.from(LIST_MEMBER);
/** What stands in the envelope in the place of the list. */
const NO_LIST = Buffer.from('null');

/**
 * Where the scanner is: in the envelope, where an item or the end of the list may come, where an item must come, behind an item, or inside
 * of one.
 */
type Place = 'envelope' | 'first' | 'item' | 'behind' | 'text';

/** What a text needs beside being copied: nothing, a look at its UTF-8, or to be read as JSON. */
type Form = 'plain' | 'wide' | 'escaped';

/**
 * Takes the list of texts out of the envelope of an answer, in parts as they arrive: `{"status":"success","data":["a","b"]}`. Texts are
 * copied from the parts to where they stay, so of the body nothing else is held. Throws EndpointError where the list is no JSON or holds
 * something else than texts; the envelope is not looked at.
 */
export class TextListScanner {
  readonly texts: PackedTexts = new PackedTexts();
  /** The answer without its list, for which `null` stands. */
  readonly envelope: BodyBlocks = new BodyBlocks();
  readonly #noList: () => Error;
  readonly #begun = new BodyBlocks();
  #place: Place = 'envelope';
  #hasList = false;
  /** Bytes of the parts before. */
  #before = 0;
  // Of the text that is being read, in the envelope or in the list.
  #isInText = false;
  #isEscape = false;
  #form: Form = 'plain';
  // Of the envelope alone.
  #depth = 0;
  #isKeyNext = false;
  #isListNext = false;
  /** Bytes of the key that were those of {@link LIST_KEY}; -1 where it is another text. */
  #matched = -1;

  /** @param noList makes what is thrown for an item that is no text. */
  constructor(noList: () => Error) {
    this.#noList = noList;
  }

  /** Whether there was a list. */
  get hasList(): boolean {
    return this.#hasList;
  }

  push(part: Uint8Array): void {
    for (let at = 0; at < part.length;) {
      if (this.#place === 'envelope') at = this.#passEnvelope(part, at);
      else if (this.#place === 'text') at = this.#continueText(part, at);
      else at = this.#passList(part, at);
    }
    this.#before += part.length;
  }

  /** To be called behind the last part. Throws where the list has no end. */
  end(): void {
    if (this.#place !== 'envelope') throw this.#broken(']', 0);
  }

  /** Passes what is not the list, and returns where it stopped. */
  #passEnvelope(part: Uint8Array, start: number): number {
    for (let at = start; at < part.length; at++) {
      const byte = part[at]!;
      if (this.#isInText) this.#passTextByte(byte);
      else if (this.#isListNext && byte === OPEN_LIST && !this.#hasList) {
        this.#hasList = true;
        this.#isListNext = false;
        this.#place = 'first';
        this.envelope.push(part.subarray(start, at));
        this.envelope.push(NO_LIST);
        return at + 1;
      } else this.#passByte(byte);
    }
    this.envelope.push(part.subarray(start));
    return part.length;
  }

  #passTextByte(byte: number): void {
    if (this.#isEscape) this.#isEscape = false;
    else if (byte === BACKSLASH) this.#isEscape = true;
    else if (byte === QUOTE) {
      this.#isInText = false;
      return;
    }
    if (this.#matched >= 0) this.#matched = byte === LIST_KEY[this.#matched] ? this.#matched + 1 : -1;
  }

  #passByte(byte: number): void {
    if (byte <= SPACE) return;
    this.#isListNext = byte === COLON && this.#matched === LIST_KEY.length;
    if (byte === QUOTE) {
      this.#isInText = true;
      this.#matched = this.#isKeyNext ? 0 : -1;
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) this.#depth++;
    else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) this.#depth--;
    this.#isKeyNext = this.#depth === 1 && (byte === OPEN_OBJECT || byte === COMMA);
  }

  /** Passes items up to the end of the list, or of the part, and returns where it stopped. */
  #passList(part: Uint8Array, start: number): number {
    for (let at = start; at < part.length;) {
      const byte = part[at++]!;
      if (byte <= SPACE) continue;
      if (this.#place === 'behind') {
        if (byte !== COMMA && byte !== CLOSE_LIST) throw this.#broken(',', at - 1);
        this.#place = byte === COMMA ? 'item' : 'envelope';
      } else if (byte === QUOTE) {
        this.#form = 'plain';
        const end = this.#textEnd(part, at);
        if (end === part.length) {
          this.#place = 'text';
          this.#begun.push(part.subarray(at));
          return end;
        }
        this.#add(part, at, end);
        at = end + 1;
      } else if (byte === CLOSE_LIST && this.#place === 'first') this.#place = 'envelope';
      else throw this.#noList();
      if (this.#place === 'envelope') return at;
    }
    return part.length;
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
    return brokenJson('of which a part has come', expected, this.#before + at, cause);
  }
}
