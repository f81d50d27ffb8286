import { Buffer } from 'node:buffer';
import { QueryError } from '../../model/errors.ts';
import { quote } from '../../model/quote.ts';

const PERCENT = 0x25;

/** The parameters of a request. */
export interface Form {
  /** The first value; the empty string where there is none. */
  get(name: string): string;
  all(name: string): readonly string[];
}

/**
 * Reads URL-encoded texts into one form. Where several texts have the same name, the values of the earlier text come
 * first. Throws `bad_data` for malformed escapes, with the sentences of Go's net/url. Prometheus refuses them for series
 * alone. Elsewhere it drops such parameters, and so answers another question than the client's.
 */
export function readForm(...texts: readonly string[]): Form {
  return formOf(texts.flatMap((text) => parsePairs(text)));
}

export function formOf(pairs: Iterable<readonly [name: string, value: string]>): Form {
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

function parsePairs(text: string): readonly (readonly [string, string])[] {
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      if (pair.includes(';')) throw malformed('invalid semicolon separator in query');
      const equals = pair.indexOf('=');
      return equals === -1
        ? [unescape(pair), '']
        : [unescape(pair.slice(0, equals)), unescape(pair.slice(equals + 1))];
    });
}

function unescape(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  if (!spaced.includes('%')) return spaced;
  const bad = /%(?![\da-f]{2}).{0,2}/is.exec(spaced);
  if (bad !== null) throw malformed(`invalid URL escape ${quote(bad[0])}`);
  return percentDecoded(spaced).toString('utf8');
}

/** The bytes behind well-formed percent escapes; they need not be UTF-8. */
export function percentDecoded(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  let length = 0;
  for (let i = 0; i < bytes.length; i++) {
    const isEscape = bytes[i] === PERCENT;
    bytes[length++] = isEscape ? 16 * hexDigit(bytes[i + 1]!) + hexDigit(bytes[i + 2]!) : bytes[i]!;
    if (isEscape) i += 2;
  }
  return bytes.subarray(0, length);
}

/** The value of an ASCII digit or letter of either case. */
function hexDigit(code: number): number {
  return code < 0x40 ? code & 0xf : (code & 0xf) + 9;
}

function malformed(problem: string): QueryError {
  return new QueryError('bad_data', `error parsing form values: ${problem}`);
}
