import { isPrintable } from '../../model/quote.ts';
import type { Cursor } from './cursor.ts';

const REPLACEMENT = '\ufffd';
const MAX_RUNE = 0x10ffff;

interface EscapeForm {
  readonly digits: number;
  readonly base: 8 | 16;
  readonly max: number;
}

const ESCAPE_FORMS: ReadonlyMap<string, EscapeForm> = new Map([
  ['x', { digits: 2, base: 16, max: 255 }],
  ['u', { digits: 4, base: 16, max: MAX_RUNE }],
  ['U', { digits: 8, base: 16, max: MAX_RUNE }],
]);

/** Steps behind the closing quote; the opening one is behind the cursor. Returns what is wrong, if anything. */
export function scanString(cursor: Cursor, quote: string): string | undefined {
  for (;;) {
    const char = cursor.next();
    if (char === quote) return undefined;
    if (isInvalid(char)) return 'invalid UTF-8 rune';
    if (char === '' || char === '\n') return 'unterminated quoted string';
    const problem = char === '\\' ? scanEscape(cursor, quote) : undefined;
    if (problem !== undefined) return problem;
  }
}

/** The same for strings in backquotes, which know no escapes. */
export function scanRawString(cursor: Cursor): string | undefined {
  for (;;) {
    const char = cursor.next();
    if (char === '`') return undefined;
    if (isInvalid(char)) return 'invalid UTF-8 rune';
    if (char === '') return 'unterminated raw string';
  }
}

/** Bytes that are no UTF-8 have become U+FFFD when the text was decoded; Prometheus refuses both alike. */
function isInvalid(char: string): boolean {
  return char === REPLACEMENT || (char.length === 1 && char >= '\ud800' && char <= '\udfff');
}

function scanEscape(cursor: Cursor, quote: string): string | undefined {
  const first = cursor.next();
  if (first === '') return 'escape sequence not terminated';
  if (first === quote || 'abfnrtv\\'.includes(first)) return undefined;
  const form = ESCAPE_FORMS.get(first);
  if (form !== undefined) return scanCode(cursor, form, cursor.next());
  if (first >= '0' && first <= '7') return scanCode(cursor, { digits: 3, base: 8, max: 255 }, first);
  return `unknown escape sequence ${formatRune(first)}`;
}

function scanCode(cursor: Cursor, { digits, base, max }: EscapeForm, first: string): string | undefined {
  let code = 0;
  let char = first;
  for (let left = digits; left > 0; left--) {
    const digit = /^[0-9a-fA-F]$/.test(char) ? Number.parseInt(char, 16) : base;
    if (digit >= base) {
      if (char === '') return 'escape sequence not terminated';
      return `illegal character ${formatRune(char)} in escape sequence`;
    }
    code = code * base + digit;
    if (left > 1) char = cursor.next();
  }
  const isSurrogate = code >= 0xd800 && code < 0xe000;
  return code > max || isSurrogate ? 'escape sequence is an invalid Unicode code point' : undefined;
}

/** Go's `%#U`: `U+0071 'q'`. */
function formatRune(char: string): string {
  const code = `U+${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;
  return isPrintable(char) ? `${code} '${char}'` : code;
}
