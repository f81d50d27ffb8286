import { Buffer, isUtf8 } from 'node:buffer';
import { labelsFromRecord } from '../../../model/labels.ts';
import { OpenSeries } from '../../../wire/batch/lists/open-series.ts';
import type { SeriesTaker } from '../../../wire/batch/lists/series-taker.ts';
import { MOST_LABELS } from '../../../wire/batch/series-limits.ts';
import { EndpointError } from '../../endpoint-error.ts';
import { BodyBlocks, SMALL_BLOCK_BYTES } from '../body-blocks.ts';
import { isString } from '../list-of.ts';
import { MOST_TEXT_BYTES, tooManyMembers } from '../paced-json.ts';
import {
  BACKSLASH,
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  FIRST_BEYOND_ASCII,
  type ItemReader,
  OPEN_LIST,
  OPEN_OBJECT,
  type Place,
  QUOTE,
  SPACE,
} from './item-reader.ts';
import { brokenPart } from './list-scanner.ts';

/**
 * Reads a list of label sets, `[{"__name__":"up","job":"a"}]`. Those in the form that servers send, with names in order and nothing escaped,
 * become ids without a string for any label; the others are parsed one at a time. The taker has them at once.
 */
export class SeriesItems implements ItemReader {
  readonly #taker: SeriesTaker;
  readonly #open: OpenSeries;
  readonly #noList: () => Error;
  readonly #begun = new BodyBlocks(SMALL_BLOCK_BYTES);
  #place: Place = 'first';
  #before = 0;
  // Of the object that is being read.
  #depth = 0;
  #commas = 0;
  #isInText = false;
  #isEscape = false;
  #isWide = false;

  /** @param noList makes what is thrown for an item that is no label set. */
  constructor(taker: SeriesTaker, noList: () => Error) {
    this.#taker = taker;
    this.#open = new OpenSeries(taker);
    this.#noList = noList;
  }

  /** How many series came. */
  get count(): number {
    return this.#open.count;
  }

  get bytes(): number {
    return this.#taker.bytes;
  }

  get isAtEnd(): boolean {
    return this.#place === 'end';
  }

  push(part: Uint8Array, start: number, before: number): number {
    this.#before = before;
    let at = this.#place === 'inside' ? this.#continueObject(part, start) : start;
    while (at < part.length && !this.isAtEnd) {
      const byte = part[at]!;
      if (byte <= SPACE) at++;
      else if (this.#place === 'behind') {
        if (byte !== COMMA && byte !== CLOSE_LIST) throw this.#broken(',', at);
        this.#place = byte === COMMA ? 'item' : 'end';
        at++;
      } else if (byte === OPEN_OBJECT) {
        this.#isWide = false;
        this.#commas = 0;
        const end = this.#objectEnd(part, at);
        if (end < 0) {
          this.#place = 'inside';
          this.#begun.push(part.subarray(at));
          return part.length;
        }
        this.#add(part, at, end);
        at = end;
      } else if (byte === CLOSE_LIST && this.#place === 'first') {
        this.#place = 'end';
        at++;
      } else throw this.#noList();
    }
    return at;
  }

  /** An object that began in a part before. */
  #continueObject(part: Uint8Array, start: number): number {
    const end = this.#objectEnd(part, start);
    this.#begun.push(end < 0 ? part.subarray(start) : part.subarray(start, end));
    if (this.#begun.length > MOST_TEXT_BYTES)
      throw this.#broken(`an object of at most ${MOST_TEXT_BYTES} bytes`, start);
    if (end < 0) return part.length;
    const object = Buffer.concat([...this.#begun.take()]);
    this.#add(object, 0, object.length);
    return end;
  }

  /** The place behind the object; -1 where it goes on in the next part. */
  #objectEnd(part: Uint8Array, start: number): number {
    for (let at = start; at < part.length; at++) {
      const byte = part[at]!;
      if (this.#isInText) {
        if (this.#isEscape) this.#isEscape = false;
        else if (byte === QUOTE) this.#isInText = false;
        else if (byte === BACKSLASH) this.#isEscape = true;
        else if (byte >= FIRST_BEYOND_ASCII) this.#isWide = true;
      } else if (byte === QUOTE) this.#isInText = true;
      else if (byte === OPEN_OBJECT || byte === OPEN_LIST) this.#depth++;
      else if (byte === COMMA && this.#depth === 1 && ++this.#commas === MOST_LABELS) throw tooManyMembers();
      else if ((byte === CLOSE_OBJECT || byte === CLOSE_LIST) && --this.#depth === 0) return at + 1;
    }
    return -1;
  }

  #add(bytes: Uint8Array, start: number, end: number): void {
    this.#place = 'behind';
    const isText = !this.#isWide || isUtf8(bytes.subarray(start, end));
    if (isText && this.#addPlain(bytes, start + 1, end - 1)) this.#open.end();
    else {
      this.#open.drop();
      this.#addParsed(bytes, start, end);
    }
  }

  /** Adds the labels between the braces; false where they have another form than the usual one. */
  #addPlain(bytes: Uint8Array, start: number, end: number): boolean {
    if (start === end) return true;
    for (let at = start; ;) {
      if (bytes[at] !== QUOTE) return false;
      const name = at + 1;
      const nameEnd = plainEnd(bytes, name, end);
      if (nameEnd <= name || bytes[nameEnd + 1] !== COLON || bytes[nameEnd + 2] !== QUOTE) return false;
      const value = nameEnd + 3;
      const valueEnd = plainEnd(bytes, value, end);
      if (valueEnd <= value) return false;
      if (!this.#open.pushInOrder(bytes, name, nameEnd - name, value, valueEnd - value)) return false;
      at = valueEnd + 1;
      if (at === end) return true;
      if (bytes[at] !== COMMA) return false;
      at++;
    }
  }

  #addParsed(bytes: Uint8Array, start: number, end: number): void {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString();
    let item: unknown;
    try {
      item = JSON.parse(text);
    } catch (cause) {
      throw this.#broken('a valid object', start, cause);
    }
    const record = item as Readonly<Record<string, unknown>>;
    if (!Object.values(record).every(isString)) throw this.#noList();
    if ((record[''] ?? '') !== '')
      throw new EndpointError('bad_data', 'its answer is damaged: a series has a label without a name');
    this.#open.add(labelsFromRecord(record as Readonly<Record<string, string>>));
  }

  #broken(expected: string, at: number, cause?: unknown): Error {
    return brokenPart(expected, this.#before + at, cause);
  }
}

/** Where the quote behind a text is in which nothing is escaped; -1 where there is no such text. */
function plainEnd(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH || byte < SPACE) return -1;
  }
  return -1;
}
