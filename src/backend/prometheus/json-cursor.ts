import { EndpointError } from '../endpoint-error.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const DOT = 0x2e;
const COMMA = 0x2c;
const COLON = 0x3a;
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const LOWER_N = 0x6e;
const ZERO = 0x30;
const NINE = 0x39;

const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

/** Integers up to here times or over a power of ten up to 10^22 round once, so the result is the nearest float. */
const MAX_EXACT_DIGITS = 15;

/** Of what is read or skipped at a stretch: about ten milliseconds. */
const MOST_VALUE_BYTES = 1024 * 1024;

/**
 * Reads JSON front to back out of its UTF-8 bytes, without building a tree. Throws `bad_data` with the position where
 * the text is not what was expected; a text that was cut off shows as an unexpected end.
 */
export class JsonCursor {
  readonly bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** The next byte that is no white space; -1 at the end. */
  peek(): number {
    const { bytes } = this;
    while (this.at < bytes.length && bytes[this.at]! <= 0x20) this.at++;
    return this.at < bytes.length ? bytes[this.at]! : -1;
  }

  expect(character: string): void {
    if (this.peek() !== character.charCodeAt(0)) throw this.unexpected(character);
    this.at++;
  }

  /** Takes the character if it is the next one. */
  take(character: string): boolean {
    if (this.peek() !== character.charCodeAt(0)) return false;
    this.at++;
    return true;
  }

  /** Calls `member` behind each key of an object; it must consume the value. */
  object(member: (key: string) => void): void {
    for (const key of this.members()) member(key);
  }

  /** The keys of an object, each while the cursor stands behind it; whoever takes it must consume the value. */
  *members(): Generator<string> {
    this.expect('{');
    if (this.take('}')) return;
    do {
      const key = this.string();
      this.expect(':');
      yield key;
    } while (this.take(','));
    this.expect('}');
  }

  /** Stops in front of each element of an array, which must be consumed; yields how many came before. */
  *elements(): Generator<number> {
    let count = 0;
    this.expect('[');
    if (this.take(']')) return;
    do yield count++;
    while (this.take(','));
    this.expect(']');
  }

  /** Calls `element` in front of each element of an array; it must consume it. */
  array(element: () => void): void {
    this.expect('[');
    if (this.take(']')) return;
    do element();
    while (this.take(','));
    this.expect(']');
  }

  string(): string {
    this.expect('"');
    const { bytes } = this;
    const start = this.at;
    let escaped = false;
    for (let i = start; i < bytes.length; i++) {
      const byte = bytes[i]!;
      if (byte === BACKSLASH) {
        escaped = true;
        i++;
      } else if (byte === QUOTE) {
        this.at = i + 1;
        return escaped ? this.#unescape(start - 1, i + 1) : bytes.toString('utf8', start, i);
      }
    }
    this.at = bytes.length;
    throw this.unexpected('"');
  }

  /** A number, bare as JSON has it or in quotes as Prometheus writes sample values (`"NaN"`, `"+Inf"`, `"1e-07"`). */
  number(): number {
    const inQuotes = this.take('"');
    const value = this.#plainNumber();
    if (inQuotes) this.expect('"');
    return value;
  }

  /** The same where `null` stands for NaN. */
  numberOrNull(): number {
    if (this.peek() !== LOWER_N) return this.number();
    if (this.#word() !== 'null') throw this.unexpected('a number');
    return NaN;
  }

  /** A time in seconds as whole milliseconds. */
  milliseconds(): number {
    return Math.round(this.number() * 1000);
  }

  /** Steps over a small value, such as those around the samples. */
  skip(): void {
    if (this.skipFurther(0, this.at + MOST_VALUE_BYTES) > 0)
      throw this.unexpected(`a value of at most ${MOST_VALUE_BYTES} bytes`);
  }

  /**
   * Steps over a value of any size, until about `limit`. What is stepped over is looked at no closer than finding its end takes.
   * @param open how many lists and objects of it are open: 0 at its start, and then what the call before returned.
   * @returns how many still are; 0 where it ended.
   */
  skipFurther(open: number, limit: number): number {
    let depth = open;
    do {
      const next = this.peek();
      if (next === QUOTE) this.string();
      else if (next === OPEN_OBJECT || next === OPEN_LIST) depth++;
      else if (depth > 0 && (next === CLOSE_OBJECT || next === CLOSE_LIST)) depth--;
      else if (depth === 0 || (next !== COMMA && next !== COLON)) {
        this.#word();
        continue;
      }
      if (next !== QUOTE) this.at++;
    } while (depth > 0 && this.at < limit);
    return depth;
  }

  /** The bytes of a small value, parsed. */
  value(): unknown {
    this.peek();
    const start = this.at;
    this.skip();
    try {
      return JSON.parse(this.bytes.toString('utf8', start, this.at));
    } catch {
      throw this.unexpected('a valid value');
    }
  }

  unexpected(wanted: string): EndpointError {
    const where =
      this.at >= this.bytes.length
        ? `ends after ${this.bytes.length} bytes, in the middle`
        : `is broken at byte ${this.at}`;
    return new EndpointError(
      'bad_data',
      `the JSON answer ${where} (expected ${wanted}); it may have been cut or changed on the way`,
      { retryAfterMs: 0 },
    );
  }

  #plainNumber(): number {
    const { bytes } = this;
    this.peek();
    const start = this.at;
    let i = start;
    const negative = bytes[i] === MINUS;
    if (negative) i++;
    let mantissa = 0;
    let digits = 0;
    let fraction = 0;
    let inFraction = false;
    for (; i < bytes.length; i++) {
      const byte = bytes[i]!;
      if (byte >= ZERO && byte <= NINE) {
        mantissa = mantissa * 10 + (byte - ZERO);
        digits++;
        if (inFraction) fraction++;
      } else if (byte === DOT && !inFraction) inFraction = true;
      else break;
    }
    if (digits === 0 || digits > MAX_EXACT_DIGITS || isWordByte(bytes[i])) return this.#oddNumber(start);
    this.at = i;
    const value = fraction === 0 ? mantissa : mantissa / POWERS_OF_TEN[fraction]!;
    return negative ? -value : value;
  }

  /** Exponents, many digits and the names of special values. */
  #oddNumber(start: number): number {
    this.at = start;
    const word = this.#word();
    if (word === 'NaN') return NaN;
    const infinity = /^([+-]?)Inf$/.exec(word);
    if (infinity !== null) return infinity[1] === '-' ? -Infinity : Infinity;
    const value = Number(word);
    if (Number.isNaN(value)) throw this.unexpected('a number');
    return value;
  }

  #word(): string {
    const start = this.at;
    while (isWordByte(this.bytes[this.at])) this.at++;
    if (this.at === start) throw this.unexpected('a value');
    return this.bytes.toString('latin1', start, this.at);
  }

  #unescape(from: number, to: number): string {
    try {
      return JSON.parse(this.bytes.toString('utf8', from, to)) as string;
    } catch {
      throw this.unexpected('a valid string');
    }
  }
}

/** Letters, digits, and `+ - .` of numbers and literals. */
function isWordByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  if (byte >= ZERO && byte <= NINE) return true;
  return (byte | 0x20) >= 0x61 ? (byte | 0x20) <= 0x7a : byte === 0x2b || byte === MINUS || byte === DOT;
}
