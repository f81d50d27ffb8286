import { Buffer } from 'node:buffer';
import { BodyBlocks, SMALL_BLOCK_BYTES } from '../body-blocks.ts';
import { brokenJson } from '../paced-json.ts';
import {
  BACKSLASH,
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  type ItemReader,
  OPEN_LIST,
  OPEN_OBJECT,
  QUOTE,
  SPACE,
} from './item-reader.ts';

/** The member of an envelope that holds the list. */
export const LIST_MEMBER = 'data';
const LIST_KEY = Buffer.from(LIST_MEMBER);
/** What stands in the envelope in the place of the list. */
const NO_LIST = Buffer.from('null');

/**
 * Takes the list out of the envelope of an answer, in parts as they arrive: `{"status":"success","data":["a","b"]}`. Its reader takes the
 * items from the parts to where they stay, so of the body nothing else is held. Throws EndpointError where the list is no JSON or
 * holds something else than the reader wants; the envelope is not looked at.
 */
export class ListScanner {
  /** The answer without its list, for which `null` stands. */
  readonly envelope: BodyBlocks = new BodyBlocks(SMALL_BLOCK_BYTES);
  readonly #items: ItemReader;
  #isInList = false;
  #hasList = false;
  /** Bytes of the parts before. */
  #before = 0;
  #isInText = false;
  #isEscape = false;
  #depth = 0;
  #isKeyNext = false;
  #isListNext = false;
  /** Bytes of the key that were those of {@link LIST_KEY}; -1 where it is another text. */
  #matched = -1;

  constructor(items: ItemReader) {
    this.#items = items;
  }

  /** Whether there was a list. */
  get hasList(): boolean {
    return this.#hasList;
  }

  push(part: Uint8Array): void {
    for (let at = 0; at < part.length;) {
      if (!this.#isInList) at = this.#passEnvelope(part, at);
      else {
        at = this.#items.push(part, at, this.#before);
        this.#isInList = !this.#items.isAtEnd;
      }
    }
    this.#before += part.length;
  }

  /** To be called behind the last part. Throws where the list has no end. */
  end(): void {
    if (this.#isInList) throw brokenPart(']', this.#before);
  }

  /** Passes what is not the list, and returns where it stopped. */
  #passEnvelope(part: Uint8Array, start: number): number {
    for (let at = start; at < part.length; at++) {
      const byte = part[at]!;
      if (this.#isInText) this.#passTextByte(byte);
      else if (this.#isListNext && byte === OPEN_LIST && !this.#hasList) {
        this.#hasList = true;
        this.#isListNext = false;
        this.#isInList = true;
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
}

/** Of a list that is no JSON. @param at in the answer. */
export function brokenPart(expected: string, at: number, cause?: unknown): Error {
  return brokenJson('of which a part has come', expected, at, cause);
}
