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

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|([0-7]{3})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([^xuU0-7]))/y;

/**
 * The value of a string token, quotes included in `literal`. `\x` and octal escapes are bytes; bytes that are not
 * UTF-8 become U+FFFD, since a label value can not hold them anyway.
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
  return Buffer.concat(parts).toString();
}

function escapedBytes([, hex, octal, short, long, char]: RegExpExecArray): Buffer {
  if (hex !== undefined) return Buffer.of(Number.parseInt(hex, 16));
  if (octal !== undefined) return Buffer.of(Number.parseInt(octal, 8));
  const code = short ?? long;
  if (code !== undefined) return Buffer.from(String.fromCodePoint(Number.parseInt(code, 16)));
  const control = CONTROL_BYTES.get(char!);
  return control === undefined ? Buffer.from(char!) : Buffer.of(control);
}
