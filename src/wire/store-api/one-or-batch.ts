import type { Writer } from 'protobufjs/minimal.js';
import { tag, WireType } from '../protobuf/proto-reader.ts';

/** Numbers of the field for a single series, of that for a batch, and of a series inside of one. */
export interface SeriesFields {
  readonly one: number;
  readonly batch: number;
  readonly inBatch: number;
}

/** Writes a single series as such, several as a batch: send those only to clients that set a batch size. */
export function writeOneOrBatch<T>(
  writer: Writer,
  series: readonly T[],
  { one, batch, inBatch }: SeriesFields,
  write: (writer: Writer, field: number, each: T) => void,
): void {
  if (series.length === 1) return write(writer, one, series[0]!);
  writer.uint32(tag(batch, WireType.delimited)).fork();
  for (const each of series) write(writer, inBatch, each);
  writer.ldelim();
}
