import type { Writer } from 'protobufjs/minimal.js';
import type { AggrChunk, Aggregates } from '../../model/aggr-chunk.ts';
import type { EncodedChunk } from '../../model/chunk.ts';
import { writeInt64 } from '../protobuf/int64.ts';
import { type ProtoReader, WireType, tag } from '../protobuf/proto-reader.ts';
import { AggrChunkField, ChunkField } from './fields.ts';

type MutableChunk = { -readonly [K in keyof EncodedChunk]: EncodedChunk[K] };
type MutableAggregates = { -readonly [K in keyof Aggregates]: MutableChunk | undefined };

const NO_DATA: Uint8Array = new Uint8Array(0);

/** Reads a thanos.AggrChunk that the reader stands on. Chunk data are views on the message. */
export function readAggrChunk(reader: ProtoReader): AggrChunk {
  let minTime = 0;
  let maxTime = 0;
  let raw: MutableChunk | undefined;
  let aggregates: MutableAggregates | undefined;
  const outer = reader.enter();
  while (reader.next()) {
    switch (reader.field) {
      case AggrChunkField.minTime:
        minTime = reader.int64();
        break;
      case AggrChunkField.maxTime:
        maxTime = reader.int64();
        break;
      case AggrChunkField.raw:
        raw = readChunk(reader);
        break;
      case AggrChunkField.count:
        (aggregates ??= noAggregates()).count = readChunk(reader);
        break;
      case AggrChunkField.sum:
        (aggregates ??= noAggregates()).sum = readChunk(reader);
        break;
      case AggrChunkField.min:
        (aggregates ??= noAggregates()).min = readChunk(reader);
        break;
      case AggrChunkField.max:
        (aggregates ??= noAggregates()).max = readChunk(reader);
        break;
      case AggrChunkField.counter:
        (aggregates ??= noAggregates()).counter = readChunk(reader);
        break;
      default:
        reader.skip();
    }
  }
  reader.leave(outer);
  if (raw !== undefined) setTimes(raw, minTime, maxTime);
  if (aggregates !== undefined)
    for (const chunk of Object.values(aggregates)) if (chunk !== undefined) setTimes(chunk, minTime, maxTime);
  return { minTime, maxTime, raw, aggregates };
}

/** Reads an AggrChunk as {@link readAggrChunk} does, without making anything of it; returns whether it has aggregates. */
export function checkAggrChunk(reader: ProtoReader): boolean {
  let aggregates = false;
  const outer = reader.enter();
  while (reader.next()) {
    const { field } = reader;
    if (field === AggrChunkField.minTime || field === AggrChunkField.maxTime) {
      reader.int64();
    } else if (field >= AggrChunkField.raw && field <= AggrChunkField.counter) {
      checkChunk(reader);
      if (field !== AggrChunkField.raw) aggregates = true;
    } else {
      reader.skip();
    }
  }
  reader.leave(outer);
  return aggregates;
}

function checkChunk(reader: ProtoReader): void {
  const outer = reader.enter();
  while (reader.next()) {
    if (reader.field === ChunkField.type) reader.uint32();
    else if (reader.field === ChunkField.data) reader.bytes();
    else reader.skip();
  }
  reader.leave(outer);
}

export function writeAggrChunk(writer: Writer, field: number, chunk: AggrChunk): void {
  writer.uint32(tag(field, WireType.delimited)).fork();
  writeInt64(writer.uint32(tag(AggrChunkField.minTime, WireType.varint)), chunk.minTime);
  writeInt64(writer.uint32(tag(AggrChunkField.maxTime, WireType.varint)), chunk.maxTime);
  writeChunk(writer, AggrChunkField.raw, chunk.raw);
  if (chunk.aggregates !== undefined) {
    const { count, sum, min, max, counter } = chunk.aggregates;
    writeChunk(writer, AggrChunkField.count, count);
    writeChunk(writer, AggrChunkField.sum, sum);
    writeChunk(writer, AggrChunkField.min, min);
    writeChunk(writer, AggrChunkField.max, max);
    writeChunk(writer, AggrChunkField.counter, counter);
  }
  writer.ldelim();
}

/**
 * The numbers of thanos.Chunk.Encoding are Prometheus' less one, also for encodings that Thanos has no name for: a
 * sidecar passes on what its Prometheus sends (pkg/store/prometheus.go).
 */
function readChunk(reader: ProtoReader): MutableChunk {
  let type = 0;
  let data = NO_DATA;
  const outer = reader.enter();
  while (reader.next()) {
    if (reader.field === ChunkField.type) type = reader.uint32();
    else if (reader.field === ChunkField.data) data = reader.bytes();
    else reader.skip();
  }
  reader.leave(outer);
  return { encoding: type + 1, minTime: 0, maxTime: 0, data };
}

function writeChunk(writer: Writer, field: number, chunk: EncodedChunk | undefined): void {
  if (chunk === undefined) return;
  writer.uint32(tag(field, WireType.delimited)).fork();
  if (chunk.encoding > 1) writer.uint32(tag(ChunkField.type, WireType.varint)).uint32(chunk.encoding - 1);
  writer.uint32(tag(ChunkField.data, WireType.delimited)).bytes(chunk.data);
  writer.ldelim();
}

function noAggregates(): MutableAggregates {
  return { count: undefined, sum: undefined, min: undefined, max: undefined, counter: undefined };
}

function setTimes(chunk: MutableChunk, minTime: number, maxTime: number): void {
  chunk.minTime = minTime;
  chunk.maxTime = maxTime;
}
