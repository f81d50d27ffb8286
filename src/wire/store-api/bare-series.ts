import { Buffer } from 'node:buffer';
import type { LabelSets } from '../batch/label-sets.ts';
import type { LabelTable } from '../batch/label-table.ts';
import type { SortedSets } from '../batch/lists/sorted-sets.ts';
import { LabelField } from '../protobuf/label-message.ts';
import { WireType, tag } from '../protobuf/proto-reader.ts';
import { SeriesBatchField, SeriesField, SeriesResponseField } from './fields.ts';

/** A message is about as large as this at most, and not larger than one series that is. */
const MOST_BYTES = 1024 * 1024;

/**
 * Messages of a stream that answers Series with labels alone, the same bytes as `encodeSeriesResponse` makes. Labels are copied as they
 * are, and none becomes a string.
 * @param batchSize how many series a message holds at most; 0 means one, as a message of its own kind.
 */
export function* encodeBareSeries(list: SortedSets, batchSize: number): Generator<Uint8Array> {
  const writer = new BareWriter(list.sets);
  for (let from = 0; from < list.length;) {
    let to = from;
    let size = 0;
    do size += writer.fieldSize(writer.seriesSize(list.numberAt(to++)));
    while (to < list.length && to - from < batchSize && size < MOST_BYTES);
    if (to - from === 1) {
      writer.begin(size);
      writer.series(SeriesResponseField.series, list.numberAt(from));
    } else {
      writer.begin(writer.fieldSize(size));
      writer.head(SeriesResponseField.batch, size);
      for (let at = from; at < to; at++) writer.series(SeriesBatchField.series, list.numberAt(at));
    }
    yield writer.message;
    from = to;
  }
}

/** Writes fields whose sizes are known before. All of them have numbers below 16, so that their tag is one byte. */
class BareWriter {
  readonly #sets: LabelSets;
  readonly #table: LabelTable;
  message: Uint8Array = new Uint8Array(0);
  #used = 0;

  constructor(sets: LabelSets) {
    this.#sets = sets;
    this.#table = sets.table;
  }

  /** Bytes of a field of so many bytes, with its tag and its length. */
  fieldSize(bytes: number): number {
    let size = 2 + bytes;
    for (let rest = bytes >>> 7; rest > 0; rest >>>= 7) size++;
    return size;
  }

  seriesSize(number: number): number {
    let size = 0;
    for (let at = this.#sets.start(number), end = this.#sets.start(number + 1); at < end; at++)
      size += this.fieldSize(this.#labelSize(this.#sets.idAt(at)));
    return size;
  }

  begin(size: number): void {
    this.message = Buffer.allocUnsafe(size);
    this.#used = 0;
  }

  head(field: number, size: number): void {
    this.message[this.#used++] = tag(field, WireType.delimited);
    let rest = size;
    for (; rest >= 0x80; rest >>>= 7) this.message[this.#used++] = (rest & 0x7f) | 0x80;
    this.message[this.#used++] = rest;
  }

  series(field: number, number: number): void {
    const table = this.#table;
    this.head(field, this.seriesSize(number));
    for (let at = this.#sets.start(number), end = this.#sets.start(number + 1); at < end; at++) {
      const id = this.#sets.idAt(at);
      this.head(SeriesField.labels, this.#labelSize(id));
      this.#text(LabelField.name, table.nameStart(id), table.valueStart(id));
      this.#text(LabelField.value, table.valueStart(id), table.valueEnd(id));
    }
  }

  #labelSize(id: number): number {
    const table = this.#table;
    const value = table.valueStart(id);
    return this.fieldSize(value - table.nameStart(id)) + this.fieldSize(table.valueEnd(id) - value);
  }

  #text(field: number, start: number, end: number): void {
    this.head(field, end - start);
    const bytes = this.#table.text;
    for (let at = start; at < end; at++) this.message[this.#used++] = bytes[at]!;
  }
}
