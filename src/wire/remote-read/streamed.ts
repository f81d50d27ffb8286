import protobuf, { type Writer } from 'protobufjs/minimal.js';
import type { EncodedChunk } from '../../model/chunk.ts';
import { type Labels, labelsFromFlat } from '../../model/labels.ts';
import { crc32c } from '../crc32c.ts';
import { readLabel, writeLabels } from '../protobuf/label-message.ts';
import { ProtoReader, WireType, tag } from '../protobuf/proto-reader.ts';
import type { StringTable } from '../protobuf/string-table.ts';
import { ChunkField, ChunkedReadResponseField, ChunkedSeriesField } from './fields.ts';

/** A piece of a streamed answer. A series may go on in the next message, with the same labels. */
export interface ChunkedResponse {
  readonly queryIndex: number;
  readonly series: readonly ChunkedSeries[];
  /** Those of all chunks in it. */
  readonly encodings: ReadonlySet<number>;
}

export interface ChunkedSeries {
  readonly labels: Labels;
  readonly chunks: readonly EncodedChunk[];
}

/** What Prometheus puts into a frame at most, give or take a chunk (`storage.remote.read-max-bytes-in-frame`). */
const MAX_FRAME_BYTES = 1024 * 1024;

/**
 * Decodes the message of one frame (prometheus.ChunkedReadResponse). Chunk data are views on `message`, and `chunks`
 * makes new objects each time. With `interned`, equal label strings of many messages are kept once. Throws
 * MessageFormatError for damage anywhere in it; what it returns can be read.
 */
export function decodeChunkedResponse(message: Uint8Array, interned?: StringTable): ChunkedResponse {
  const reader = new ProtoReader(message);
  const series: ChunkedSeries[] = [];
  const encodings = new Set<number>();
  let queryIndex = 0;
  while (reader.next()) {
    if (reader.field === ChunkedReadResponseField.chunkedSeries)
      series.push(readSeries(reader.bytes(), interned, encodings));
    else if (reader.field === ChunkedReadResponseField.queryIndex) queryIndex = reader.int64();
    else reader.skip();
  }
  return { queryIndex, series, encodings };
}

/**
 * A series of a decoded message. Its chunks are only bytes until they are asked for, and each caller gets new
 * ones: objects for all chunks of a large answer would take more memory than the samples in them.
 */
class MessageSeries implements ChunkedSeries {
  readonly labels: Labels;
  readonly #message: Uint8Array;

  constructor(labels: Labels, message: Uint8Array) {
    this.labels = labels;
    this.#message = message;
  }

  get chunks(): readonly EncodedChunk[] {
    const chunks: EncodedChunk[] = [];
    const reader = new ProtoReader(this.#message);
    while (reader.next()) {
      if (reader.field === ChunkedSeriesField.chunks) chunks.push(readChunk(reader));
      else reader.skip();
    }
    return chunks;
  }
}

/** Reads everything, so that damage shows now and not when the chunks are asked for. */
function readSeries(
  message: Uint8Array,
  interned: StringTable | undefined,
  encodings: Set<number>,
): ChunkedSeries {
  const flat: string[] = [];
  const reader = new ProtoReader(message);
  while (reader.next()) {
    if (reader.field === ChunkedSeriesField.labels) readLabel(reader, flat, interned);
    else if (reader.field === ChunkedSeriesField.chunks) encodings.add(checkChunk(reader));
    else reader.skip();
  }
  return new MessageSeries(labelsFromFlat(flat), message);
}

const NO_DATA: Uint8Array = new Uint8Array(0);

function readChunk(reader: ProtoReader): EncodedChunk {
  let minTime = 0;
  let maxTime = 0;
  let encoding = 0;
  let data = NO_DATA;
  const outer = reader.enter();
  while (reader.next()) {
    switch (reader.field) {
      case ChunkField.minTimeMs:
        minTime = reader.int64();
        break;
      case ChunkField.maxTimeMs:
        maxTime = reader.int64();
        break;
      case ChunkField.type:
        encoding = reader.uint32();
        break;
      case ChunkField.data:
        data = reader.bytes();
        break;
      default:
        reader.skip();
    }
  }
  reader.leave(outer);
  return { encoding, minTime, maxTime, data };
}

/** Reads a chunk as {@link readChunk} does, without making anything of it; returns its encoding. */
function checkChunk(reader: ProtoReader): number {
  let encoding = 0;
  const outer = reader.enter();
  while (reader.next()) {
    switch (reader.field) {
      case ChunkField.minTimeMs:
      case ChunkField.maxTimeMs:
        reader.int64();
        break;
      case ChunkField.type:
        encoding = reader.uint32();
        break;
      case ChunkField.data:
        reader.leave(reader.enter());
        break;
      default:
        reader.skip();
    }
  }
  reader.leave(outer);
  return encoding;
}

/**
 * Encodes series as frames for a streamed answer, one frame a series, more where its chunks exceed `maxFrameBytes`,
 * as Prometheus does. Yields nothing for series without chunks.
 */
export function* encodeChunkedFrames(
  series: Iterable<ChunkedSeries>,
  queryIndex = 0,
  maxFrameBytes: number = MAX_FRAME_BYTES,
): Generator<Uint8Array> {
  for (const { labels, chunks } of series) {
    let from = 0;
    let bytes = 0;
    for (let i = 0; i < chunks.length; i++) {
      bytes += chunks[i]!.data.length;
      if (bytes < maxFrameBytes && i + 1 < chunks.length) continue;
      yield frame(encodeMessage({ labels, chunks: chunks.slice(from, i + 1) }, queryIndex));
      from = i + 1;
      bytes = 0;
    }
  }
}

function encodeMessage({ labels, chunks }: ChunkedSeries, queryIndex: number): Uint8Array {
  const writer = protobuf.Writer.create();
  writer.uint32(tag(ChunkedReadResponseField.chunkedSeries, WireType.delimited)).fork();
  writeLabels(writer, ChunkedSeriesField.labels, labels);
  for (const chunk of chunks) writeChunk(writer, chunk);
  writer.ldelim();
  if (queryIndex !== 0)
    writer.uint32(tag(ChunkedReadResponseField.queryIndex, WireType.varint)).int64(queryIndex);
  return writer.finish();
}

function writeChunk(writer: Writer, { minTime, maxTime, encoding, data }: EncodedChunk): void {
  writer.uint32(tag(ChunkedSeriesField.chunks, WireType.delimited)).fork();
  writer.uint32(tag(ChunkField.minTimeMs, WireType.varint)).int64(minTime);
  writer.uint32(tag(ChunkField.maxTimeMs, WireType.varint)).int64(maxTime);
  writer.uint32(tag(ChunkField.type, WireType.varint)).uint32(encoding);
  writer.uint32(tag(ChunkField.data, WireType.delimited)).bytes(data);
  writer.ldelim();
}

function frame(message: Uint8Array): Uint8Array {
  const head = protobuf.Writer.create().uint32(message.length).finish();
  const framed = new Uint8Array(head.length + 4 + message.length);
  framed.set(head);
  new DataView(framed.buffer).setUint32(head.length, crc32c(message));
  framed.set(message, head.length + 4);
  return framed;
}
