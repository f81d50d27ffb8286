import { Buffer } from 'node:buffer';
import type { ItemList } from '../../model/lazy-list.ts';
import { PackedTexts } from '../../model/packed-texts.ts';
import { TEXT_PIECE } from '../../wire/text-piece.ts';
import type { Piece } from '../chunks.ts';
import { encodeList } from './object.ts';
import { encodeString } from './text.ts';

const [COMMA, OPEN, CLOSE, QUOTE] = [0x2c, 0x5b, 0x5d, 0x22];
const FIRST_PLAIN = 0x20;
/** Quotes, a comma and a bracket. */
const BESIDE = 4;

/** By byte: 1 where `encodeString` may write something else for it. U+2028 and U+2029 begin with the last of them. */
const IS_SPECIAL = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < FIRST_PLAIN || '"\\<>&'.includes(String.fromCharCode(byte)) || byte === 0xe2 ? 1 : 0,
);

/**
 * A JSON list of texts, piece by piece, for lists that can be long: the same bytes as `encodeString` makes. Texts that are packed are copied
 * as they are where nothing in them is escaped, and none of those becomes a string. The memory of a piece is that of the next one.
 */
export function encodeTexts(texts: ItemList<string>): Iterable<Piece> {
  return texts instanceof PackedTexts ? encodePacked(texts) : encodeList(texts, encodeString);
}

function* encodePacked(texts: PackedTexts): Generator<Piece> {
  let piece = Buffer.allocUnsafe(2 * TEXT_PIECE);
  let used = 0;
  piece[used++] = OPEN;
  for (let index = 0; index < texts.length; index++) {
    const bytes = texts.blockOf(index);
    const [start, end] = [texts.startOf(index), texts.endOf(index)];
    if (used + end - start + BESIDE > piece.length) {
      yield piece.subarray(0, used);
      used = 0;
      if (end - start + BESIDE > piece.length) piece = Buffer.allocUnsafe(end - start + BESIDE);
    }
    if (index > 0) piece[used++] = COMMA;
    if (isPlain(bytes, start, end)) {
      piece[used++] = QUOTE;
      for (let i = start; i < end; i++) piece[used++] = bytes[i]!;
      piece[used++] = QUOTE;
    } else {
      yield piece.subarray(0, used);
      yield encodeString(texts.at(index)!);
      used = 0;
    }
  }
  piece[used++] = CLOSE;
  yield piece.subarray(0, used);
}

function isPlain(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (IS_SPECIAL[bytes[i]!] === 1) return false;
  return true;
}
