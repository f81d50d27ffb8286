import { Buffer, isUtf8 } from 'node:buffer';
import { QueryError } from '../../model/errors.ts';
import { quote } from '../../model/quote.ts';

/** Of URL and body together. Go's net/url counts in the same way, and stops at the same number (`urlmaxqueryparams`). */
const MOST_PARAMETERS = 10_000;

type Pair = readonly [name: string, value: string];

/** The parameters of a request. */
export interface Form {
  /** The first value; the empty string where there is none. */
  get(name: string): string;
  all(name: string): readonly string[];
}

/**
 * Reads URL-encoded texts into one form. Where several texts have the same name, the values of the earlier text come
 * first. Throws `bad_data` for more than 10,000 parameters, for malformed escapes, with the sentences of Go's
 * net/url, and for what is no UTF-8. Prometheus refuses those for series alone. Elsewhere it drops such parameters, and so answers another question
 * than the client's.
 */
export function readForm(...texts: readonly (string | Buffer)[]): Form {
  const pairs: Pair[] = [];
  for (const text of texts) readPairs(typeof text === 'string' ? Buffer.from(text, 'utf8') : text, pairs);
  return formOf(pairs);
}

export function formOf(pairs: Iterable<Pair>): Form {
  const values = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const list = values.get(name);
    if (list === undefined) values.set(name, [value]);
    else list.push(value);
  }
  return {
    get: (name) => values.get(name)?.[0] ?? '',
    all: (name) => values.get(name) ?? [],
  };
}

const AMPERSAND = 0x26;
const EQUALS = 0x3d;
const SEMICOLON = 0x3b;
const PERCENT = 0x25;
const PLUS = 0x2b;
const SPACE = 0x20;

/** Adds what a text holds to the pairs that were read before. Pairs that are empty count: a million of them take long, too. */
function readPairs(text: Buffer, pairs: Pair[]): void {
  let seen = pairs.length;
  for (let from = 0; from < text.length;) {
    if (++seen > MOST_PARAMETERS)
      throw malformedForm(`there are more than ${MOST_PARAMETERS} parameters, the most that are read`);
    const separator = text.indexOf(AMPERSAND, from);
    const end = separator === -1 ? text.length : separator;
    if (end > from) pairs.push(readPair(text.subarray(from, end)));
    from = end + 1;
  }
}

function readPair(pair: Buffer): Pair {
  if (pair.includes(SEMICOLON)) throw malformedForm('invalid semicolon separator in query');
  const equals = pair.indexOf(EQUALS);
  if (equals === -1) return [unescape(pair), ''];
  return [unescape(pair.subarray(0, equals)), unescape(pair.subarray(equals + 1))];
}

function unescape(text: Buffer): string {
  return utf8Of(text.includes(PERCENT) || text.includes(PLUS) ? decoded(text, SPACE) : text);
}

/** The text of a name or a value. Throws `bad_data` for what is no UTF-8: it would become another text, which nobody asked for. */
export function utf8Of(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw malformedForm('invalid UTF-8 in the name or the value of a parameter');
  return bytes.toString('utf8');
}

/** The bytes behind percent escapes, which need not be UTF-8. Throws `bad_data` where an escape is malformed. */
export function percentDecoded(text: string): Buffer {
  return decoded(Buffer.from(text, 'utf8'), PLUS);
}

/** `plus` is what a plus sign stands for. The loop is bare, since a form may be megabytes of escapes and all others wait for it. */
function decoded(text: Buffer, plus: number): Buffer {
  const bytes = Buffer.allocUnsafe(text.length);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const byte = text[i]!;
    if (byte === PERCENT) {
      const value = 16 * hexDigit(text[i + 1]) + hexDigit(text[i + 2]);
      if (value < 0) throw malformedEscape(text, i);
      bytes[length++] = value;
      i += 2;
    } else bytes[length++] = byte === PLUS ? plus : byte;
  }
  return bytes.subarray(0, length);
}

function malformedEscape(text: Buffer, at: number): QueryError {
  // Two characters behind the sign take eight bytes at most.
  const [percent, first = '', second = ''] = text.toString('utf8', at, at + 9);
  return malformedForm(`invalid URL escape ${quote(`${percent}${first}${second}`)}`);
}

/** The value of an ASCII digit or letter of either case; for all else so little that a byte with it is negative. */
function hexDigit(code = 0): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -256;
}

export function malformedForm(problem: string): QueryError {
  return new QueryError('bad_data', `error parsing form values: ${problem}`);
}
