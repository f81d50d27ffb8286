import type { Writer } from 'protobufjs/minimal.js';
import type { AggrChunk, Aggregates } from '../../model/aggr-chunk.ts';
import type { EncodedChunk } from '../../model/chunk.ts';
import type { SeriesReceiver } from '../batch/series-receiver.ts';
import { checkChunkLength } from '../batch/series-limits.ts';
import { writeInt64 } from '../protobuf/int64.ts';
import { type ProtoReader, WireType, tag } from '../protobuf/proto-reader.ts';
import { AggrChunkField, ChunkField } from './fields.ts';

type MutableChunk = { -readonly [K in keyof EncodedChunk]: EncodedChunk[K] };
type MutableAggregates = { -readonly [K in keyof Aggregates]: MutableChunk | undefined };

/**
 * Reads a thanos.AggrChunk that the reader stands on. Raw samples become a chunk of the open series.
 * @returns the chunk where it has aggregates, with bytes of its own and without the raw samples; else undefined.
 */
export function readBatchChunk(reader: ProtoReader, batch: SeriesReceiver): AggrChunk | undefined {
  let minTime = 0;
  let maxTime = 0;
  let rawType = -1;
  let rawAt = 0;
  let rawLength = 0;
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
        rawType = readChunk(reader);
        checkChunkLength(dataLength);
        rawAt = dataAt;
        rawLength = dataLength;
        break;
      case AggrChunkField.count:
        (aggregates ??= noAggregates()).count = readCopy(reader);
        break;
      case AggrChunkField.sum:
        (aggregates ??= noAggregates()).sum = readCopy(reader);
        break;
      case AggrChunkField.min:
        (aggregates ??= noAggregates()).min = readCopy(reader);
        break;
      case AggrChunkField.max:
        (aggregates ??= noAggregates()).max = readCopy(reader);
        break;
      case AggrChunkField.counter:
        (aggregates ??= noAggregates()).counter = readCopy(reader);
        break;
      default:
        reader.skip();
    }
  }
  reader.leave(outer);
  if (rawType >= 0) batch.addChunk(rawType + 1, minTime, maxTime, reader.all, rawAt, rawLength);
  if (aggregates === undefined) return undefined;
  for (const chunk of Object.values(aggregates)) if (chunk !== undefined) setTimes(chunk, minTime, maxTime);
  return { minTime, maxTime, raw: undefined, aggregates };
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

/** Where the data of the chunk that {@link readChunk} read begin in the message, and how many bytes they are. */
let dataAt = 0;
let dataLength = 0;

/**
 * Reads a thanos.Chunk and returns its type. The numbers of thanos.Chunk.Encoding are Prometheus' less one, also for
 * encodings that Thanos has no name for: a sidecar passes on what its Prometheus sends (pkg/store/prometheus.go).
 */
function readChunk(reader: ProtoReader): number {
  let type = 0;
  dataAt = 0;
  dataLength = 0;
  const outer = reader.enter();
  while (reader.next()) {
    if (reader.field === ChunkField.type) type = reader.uint32();
    else if (reader.field === ChunkField.data) {
      dataAt = reader.span();
      dataLength = reader.length;
    } else reader.skip();
  }
  reader.leave(outer);
  return type;
}

/** A chunk with bytes of its own, so that it does not keep the message. */
function readCopy(reader: ProtoReader): MutableChunk {
  const type = readChunk(reader);
  checkChunkLength(dataLength);
  const data = reader.all.slice(dataAt, dataAt + dataLength);
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
