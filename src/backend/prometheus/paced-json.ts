import type { Pace } from '../../model/pacer.ts';
import { MOST_LABELS } from '../../wire/batch/series-limits.ts';
import { EndpointError } from '../endpoint-error.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Bytes that are parsed at a stretch: about a millisecond. */
const SLICE_BYTES = 65_536;
/**
 * Members of an object that is in a list, such as the labels of a series: as many as a series may have labels. An object outside of
 * lists has one for each metric, or for each pool of targets.
 */
const MOST_MEMBERS = MOST_LABELS;
/** Lists and objects inside of each other that are larger than a slice. No answer of the API comes near. */
const MOST_LEVELS = 16;
/** Of a single text that is larger than a slice, such as a configuration. */
export const MOST_TEXT_BYTES: number = 16 * 1024 * 1024;

/**
 * Parses JSON as `JSON.parse` does, a slice at a time, giving way between slices. Objects come without a prototype where
 * they are larger than a slice.
 * @param once a member that the outermost object may not have twice. Of any other that comes again, the last one counts.
 * @throws EndpointError `bad_data` where the text is no JSON or nested beyond reason, where that member comes again, and what the pace
 * throws.
 */
export async function parsePaced(bytes: Buffer, pace: Pace, once?: string): Promise<unknown> {
  const reader = new SliceReader(bytes, pace, once);
  const value = await reader.value(0, false);
  reader.expectEnd();
  return value;
}

class SliceReader {
  readonly #bytes: Buffer;
  readonly #pace: Pace;
  readonly #once: string | undefined;
  #at = 0;

  constructor(bytes: Buffer, pace: Pace, once: string | undefined) {
    this.#bytes = bytes;
    this.#pace = pace;
    this.#once = once;
  }

  async value(level: number, isInList: boolean): Promise<unknown> {
    const start = this.#skipSpace();
    // The members of the outermost object are looked at one by one: parsed together, the last one of a name hides the others.
    const isWatched = level === 0 && this.#once !== undefined && this.#bytes[start] === OPEN_OBJECT;
    const end = isWatched ? -1 : valueEnd(this.#bytes, start, start + SLICE_BYTES);
    if (end > 0) return this.#parse(start, end);
    if (level > MOST_LEVELS) throw this.#broken(`more than ${MOST_LEVELS} large levels`);
    switch (this.#bytes[start]) {
      case OPEN_LIST:
        return this.#list(level);
      case OPEN_OBJECT:
        return this.#object(level, isInList ? MOST_MEMBERS : Infinity, isInList);
      case QUOTE:
        return this.#parse(start, this.#textEnd(start));
      default:
        throw this.#broken('a value');
    }
  }

  expectEnd(): void {
    if (this.#skipSpace() < this.#bytes.length) throw this.#broken('its end');
  }

  /** Items that fit into a slice together are parsed together. */
  async #list(level: number): Promise<unknown[]> {
    const items: unknown[] = [];
    this.#at++;
    if (this.#take(CLOSE_LIST)) return items;
    for (;;) {
      if (this.#pace.due()) await this.#pace.breathe();
      const end = this.#membersEnd();
      if (end > this.#at) {
        const some = this.#parseAs('[', end, ']') as unknown[];
        for (const item of some) items.push(item);
      } else items.push(await this.value(level + 1, true));
      if (this.#take(CLOSE_LIST)) return items;
      this.#expect(COMMA);
    }
  }

  async #object(level: number, most: number, isInList: boolean): Promise<Record<string, unknown>> {
    // Without a prototype, no name means anything else than a member.
    const members = Object.create(null) as Record<string, unknown>;
    const once = level === 0 ? this.#once : undefined;
    let count = 0;
    this.#at++;
    if (this.#take(CLOSE_OBJECT)) return members;
    for (;;) {
      if (this.#pace.due()) await this.#pace.breathe();
      const end = once === undefined ? this.#membersEnd() : this.#at;
      if (end > this.#at) {
        const some = this.#parseAs('{', end, '}') as Record<string, unknown>;
        for (const [name, value] of Object.entries(some)) {
          members[name] = value;
          count++;
        }
      } else {
        const start = this.#skipSpace();
        const name = this.#parse(start, this.#textEnd(start)) as string;
        if (name === once && name in members) throw comesTwice(name);
        this.#expect(COLON);
        members[name] = await this.value(level + 1, isInList);
        count++;
      }
      if (count > most) throw tooManyMembers();
      if (this.#take(CLOSE_OBJECT)) return members;
      this.#expect(COMMA);
    }
  }

  /** Where the last whole member or item of a slice from here ends; here where none is whole. */
  #membersEnd(): number {
    const limit = Math.min(this.#at + SLICE_BYTES, this.#bytes.length);
    let end = this.#at;
    for (let from = this.#at; from < limit;) {
      const next = endInside(this.#bytes, from, limit, true);
      if (next < 0) break;
      end = next;
      if (this.#bytes[next] !== COMMA) break;
      from = next + 1;
    }
    return end;
  }

  #parseAs(open: string, end: number, close: string): unknown {
    const text = this.#bytes.toString('utf8', this.#at, end);
    const parsed = this.#parseText(`${open}${text}${close}`);
    this.#at = end;
    return parsed;
  }

  #parse(start: number, end: number): unknown {
    this.#at = start;
    const parsed = this.#parseText(this.#bytes.toString('utf8', start, end));
    this.#at = end;
    return parsed;
  }

  #parseText(text: string): unknown {
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw this.#broken('valid JSON', cause);
    }
  }

  #textEnd(start: number): number {
    const end = this.#bytes[start] === QUOTE ? valueEnd(this.#bytes, start, start + MOST_TEXT_BYTES) : -1;
    if (end < 0) throw this.#broken(`a text of at most ${MOST_TEXT_BYTES} bytes`);
    return end;
  }

  #skipSpace(): number {
    while (this.#at < this.#bytes.length && this.#bytes[this.#at]! <= 0x20) this.#at++;
    return this.#at;
  }

  #take(byte: number): boolean {
    if (this.#bytes[this.#skipSpace()] !== byte) return false;
    this.#at++;
    return true;
  }

  #expect(byte: number): void {
    if (!this.#take(byte)) throw this.#broken(String.fromCharCode(byte));
  }

  #broken(expected: string, cause?: unknown): EndpointError {
    return brokenJson(`${this.#bytes.length} bytes`, expected, this.#at, cause);
  }
}

/** @param size what is known of the size of the answer. */
export function brokenJson(size: string, expected: string, at: number, cause?: unknown): EndpointError {
  return new EndpointError(
    'bad_data',
    `the answer is no valid JSON (${size}): expected ${expected} from byte ${at} on; it may have been cut on the way`,
    { cause, retryAfterMs: 0 },
  );
}

/** Of an answer that holds something twice which it must hold once. */
export function comesTwice(name: string): EndpointError {
  return new EndpointError(
    'bad_data',
    `its answer is damaged: it has \`${name}\` twice, and does not say which of the two counts`,
  );
}

/** Of an object in a list. */
export function tooManyMembers(): EndpointError {
  return new EndpointError(
    'bad_data',
    `its answer is damaged: an object in a list has more than ${MOST_MEMBERS} members, which is more than any series has labels`,
  );
}

/** Where the value that begins at `start` ends; -1 where that is not before `limit`. Whether it is valid is not looked at. */
function valueEnd(bytes: Buffer, start: number, limit: number): number {
  const end = Math.min(limit, bytes.length);
  const first = bytes[start];
  if (first === QUOTE) return textEnd(bytes, start, end);
  if (first === OPEN_LIST || first === OPEN_OBJECT) {
    const close = endInside(bytes, start + 1, end, false);
    return close < 0 ? -1 : close + 1;
  }
  for (let i = start; i < end; i++) if (isBehindWord(bytes[i]!)) return i;
  return end === bytes.length ? end : -1;
}

/** Where the inside of a list or object that begins at `start` ends, or where one member of it does; -1 as above. */
function endInside(bytes: Buffer, start: number, end: number, isMember: boolean): number {
  let depth = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte === QUOTE) {
      i = textEnd(bytes, i, end) - 1;
      if (i < start) return -1;
    } else if (byte === OPEN_LIST || byte === OPEN_OBJECT) depth++;
    else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
      if (depth-- === 0) return i;
    } else if (isMember && byte === COMMA && depth === 0) return i;
  }
  return -1;
}

/** What may stand behind a number or a literal. */
function isBehindWord(byte: number): boolean {
  return byte === COMMA || byte <= 0x20 || byte === CLOSE_LIST || byte === CLOSE_OBJECT;
}

function textEnd(bytes: Buffer, start: number, end: number): number {
  for (let i = start + 1; i < end; i++) {
    const byte = bytes[i]!;
    if (byte === BACKSLASH) i++;
    else if (byte === QUOTE) return i + 1;
  }
  return -1;
}
