import { TextDecoder } from 'node:util';
import { quote } from '../../model/quote.ts';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Quotes bytes that need not be UTF-8 as Go's `%q` does: those that are no text become `\xNN`. */
export function quoteBytes(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length;) {
    const character = [1, 2, 3, 4].map((n) => decoded(bytes.subarray(i, i + n))).find((one) => one !== '');
    text +=
      character === undefined
        ? String.raw`\x${bytes[i]!.toString(16).padStart(2, '0')}`
        : quote(character).slice(1, -1);
    i += character === undefined ? 1 : Buffer.byteLength(character);
  }
  return `"${text}"`;
}

/** The empty string where the bytes are not the UTF-8 of a text. */
function decoded(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    return '';
  }
}
