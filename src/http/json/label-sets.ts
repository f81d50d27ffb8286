import { Buffer } from 'node:buffer';
import type { Labels } from '../../model/labels.ts';
import type { ItemList } from '../../model/lazy-list.ts';
import type { LabelSets } from '../../wire/batch/label-sets.ts';
import type { LabelTable } from '../../wire/batch/label-table.ts';
import { SortedSets } from '../../wire/batch/lists/sorted-sets.ts';
import { TEXT_PIECE } from '../../wire/text-piece.ts';
import type { Piece } from '../chunks.ts';
import { encodeList } from './object.ts';
import { encodeLabels, encodeLabelText } from './text.ts';

const [OPEN_LIST, CLOSE_LIST, OPEN, CLOSE, COMMA, COLON, QUOTE] = [0x5b, 0x5d, 0x7b, 0x7d, 0x2c, 0x3a, 0x22];
/** Most bytes that JSON takes for a byte of text, `\u0001`. */
const MOST_PER_BYTE = 6;
/** Quotes, a colon and a comma. */
const BESIDE_LABEL = 6;
/** Braces, a comma, and the bracket behind the last set. */
const BESIDE_SET = 4;

/** By byte: what `encodeLabelText` writes for it; undefined where that is the byte itself. */
const ESCAPES: readonly (Buffer | undefined)[] = Array.from({ length: 256 }, (_, byte) => {
  const text = String.fromCharCode(byte);
  const written = encodeLabelText(text).slice(1, -1);
  return written === text ? undefined : Buffer.from(written);
});

/**
 * A JSON list of label sets, piece by piece: the same bytes as `encodeLabels` makes. Those that are packed are copied as they are, and none
 * of their labels becomes a string. The memory of a piece is that of the next one.
 */
export function encodeLabelSets(list: ItemList<Labels>): Iterable<Piece> {
  return list instanceof SortedSets ? encodeSorted(list) : encodeList(list, encodeLabels);
}

function* encodeSorted(list: SortedSets): Generator<Piece> {
  const writer = new SetWriter(list.sets);
  writer.byte(OPEN_LIST);
  for (let index = 0; index < list.length; index++) {
    const number = list.numberAt(index);
    if (!writer.hasRoom(number)) yield writer.take();
    if (index > 0) writer.byte(COMMA);
    if (writer.hasRoom(number)) writer.set(number);
    else {
      // Of labels that are very long a string does no harm.
      yield writer.take();
      yield encodeLabels(list.at(index)!);
    }
  }
  writer.byte(CLOSE_LIST);
  yield writer.take();
}

/** Writes label sets behind each other, into the same memory again and again. */
class SetWriter {
  readonly #sets: LabelSets;
  readonly #table: LabelTable;
  readonly #piece = Buffer.allocUnsafe(2 * TEXT_PIECE);
  #used = 0;

  constructor(sets: LabelSets) {
    this.#sets = sets;
    this.#table = sets.table;
  }

  /** What was written since the last time. */
  take(): Uint8Array {
    const written = this.#piece.subarray(0, this.#used);
    this.#used = 0;
    return written;
  }

  byte(byte: number): void {
    this.#piece[this.#used++] = byte;
  }

  /** Whether a set fits in any case, with what stands around it. */
  hasRoom(number: number): boolean {
    let most = BESIDE_SET;
    for (let at = this.#sets.start(number), end = this.#sets.start(number + 1); at < end; at++)
      most += BESIDE_LABEL + MOST_PER_BYTE * this.#table.byteLength(this.#sets.idAt(at));
    return this.#used + most <= this.#piece.length;
  }

  set(number: number): void {
    const table = this.#table;
    const start = this.#sets.start(number);
    this.byte(OPEN);
    for (let at = start, end = this.#sets.start(number + 1); at < end; at++) {
      const id = this.#sets.idAt(at);
      if (at > start) this.byte(COMMA);
      this.#text(table.nameStart(id), table.valueStart(id));
      this.byte(COLON);
      this.#text(table.valueStart(id), table.valueEnd(id));
    }
    this.byte(CLOSE);
  }

  #text(start: number, end: number): void {
    const bytes = this.#table.text;
    this.byte(QUOTE);
    for (let at = start; at < end; at++) {
      const byte = bytes[at]!;
      const escape = ESCAPES[byte];
      if (escape === undefined) this.byte(byte);
      else for (const part of escape) this.byte(part);
    }
    this.byte(QUOTE);
  }
}
