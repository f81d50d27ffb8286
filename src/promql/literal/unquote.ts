import { isUtf8 } from 'node:buffer';
import { bug } from '../../model/errors.ts';

const CONTROL_BYTES: ReadonlyMap<string, number> = new Map([
  ['a', 0x07],
  ['b', 0x08],
  ['f', 0x0c],
  ['n', 0x0a],
  ['r', 0x0d],
  ['t', 0x09],
  ['v', 0x0b],
]);

/** Lone surrogate that stands for byte 0 outside UTF-8; only 0x80 to 0xff occur. */
const STRAY_BYTE = 0xdc00;

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([^xuU0-7]))/y;

/**
 * The value of a string token, quotes included in `literal`. `\x` and octal escapes are bytes. A byte that is not
 * part of UTF-8 becomes the lone surrogate U+DC00 + byte: such a value is not well-formed, equals no label value, and is
 * printed as the byte it was.
 */
export function unquote(literal: string): string {
  const body = literal.slice(1, -1);
  if (literal.startsWith('`') || !body.includes('\\')) return body;
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = body.indexOf('\\'); at >= 0; at = body.indexOf('\\', from)) {
    ESCAPE.lastIndex = at;
    const match = ESCAPE.exec(body) ?? bug(`the lexer let an escape pass in ${literal}`);
    parts.push(Buffer.from(body.slice(from, at)), escapedBytes(match));
    from = ESCAPE.lastIndex;
  }
  parts.push(Buffer.from(body.slice(from)));
  return decode(Buffer.concat(parts));
}

function escapedBytes([, hex, octal, short, long, char]: RegExpExecArray): Buffer {
  if (hex !== undefined) return Buffer.of(Number.parseInt(hex, 16));
  if (octal !== undefined) return Buffer.of(Number.parseInt(octal, 8));
  const code = short ?? long;
  if (code !== undefined) return Buffer.from(String.fromCodePoint(Number.parseInt(code, 16)));
  const control = CONTROL_BYTES.get(char!);
  return control === undefined ? Buffer.from(char!) : Buffer.of(control);
}

function decode(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString();
  let text = '';
  for (let i = 0; i < bytes.length;) {
    const lead = bytes[i]!;
    const rune = bytes.subarray(i, i + runeLength(lead));
    const isValid = isUtf8(rune);
    text += isValid ? rune.toString() : String.fromCharCode(STRAY_BYTE + lead);
    i += isValid ? rune.length : 1;
  }
  return text;
}

function runeLength(lead: number): number {
  if (lead < 0xe0) return lead < 0x80 ? 1 : 2;
  return lead < 0xf0 ? 3 : 4;
}
