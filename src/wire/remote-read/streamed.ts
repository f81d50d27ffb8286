import protobuf, { type Writer } from 'protobufjs/minimal.js';
import type { EncodedChunk } from '../../model/chunk.ts';
import type { Labels } from '../../model/labels.ts';
import type { SeriesBatch } from '../batch/series-batch.ts';
import { checkChunkLength, MOST_FIELDS } from '../batch/series-limits.ts';
import { isKnownEncoding } from '../chunk/decode.ts';
import { crc32c } from '../crc32c.ts';
import { readBatchLabel, writeLabels } from '../protobuf/label-message.ts';
import { type ProtoReader, WireType, tag } from '../protobuf/proto-reader.ts';
import { ChunkField, ChunkedReadResponseField, ChunkedSeriesField } from './fields.ts';

/** A series to be sent. */
export interface ChunkedSeries {
  readonly labels: Labels;
  readonly chunks: readonly EncodedChunk[];
}

/** What Prometheus puts into a frame at most, give or take a chunk (`storage.remote.read-max-bytes-in-frame`). */
const MAX_FRAME_BYTES = 1024 * 1024;

/** What a message says beside its series. */
export interface ChunkedResponse {
  readonly queryIndex: number;
  /** An encoding of a chunk in it that is not known here; undefined where there is none. */
  readonly unknownEncoding: number | undefined;
}

/**
 * Reads the message of one frame (prometheus.ChunkedReadResponse), which the reader stands in, into a batch. A series may go on
 * in the next message, with the same labels. Throws MessageFormatError for damage anywhere in it; the batch is of no use then.
 * @param most about so many bytes are read, up to the end of a series. Call again where the reader is not at its end then.
 * @returns what was in the part that was read.
 */
export function readChunkedResponse(
  reader: ProtoReader,
  batch: SeriesBatch,
  most: number = Infinity,
): ChunkedResponse {
  const enough = reader.position + most;
  let unknownEncoding: number | undefined;
  let queryIndex = 0;
  while (reader.position < enough && reader.next()) {
    if (reader.field === ChunkedReadResponseField.chunkedSeries) {
      const encoding = readSeries(reader, batch);
      if (encoding !== KNOWN) unknownEncoding = encoding;
    } else if (reader.field === ChunkedReadResponseField.queryIndex) queryIndex = reader.int64();
    else reader.skip();
  }
  return { queryIndex, unknownEncoding };
}

const KNOWN = -1;

/** Returns an encoding that is not known, or {@link KNOWN}. */
function readSeries(reader: ProtoReader, batch: SeriesBatch): number {
  let unknown = KNOWN;
  const outer = reader.enter();
  reader.allowFields(MOST_FIELDS);
  const start = reader.position;
  // Where the labels end that stand before all else.
  let labelsEnd = batch.recognize(reader.all, start, reader.end);
  let isNew = labelsEnd === start;
  reader.moveTo(labelsEnd);
  let isBehind = false;
  while (reader.next()) {
    if (reader.field === ChunkedSeriesField.labels) {
      readBatchLabel(reader, batch);
      if (isBehind) isNew = false;
      else labelsEnd = reader.position;
      continue;
    }
    isBehind = true;
    if (reader.field === ChunkedSeriesField.chunks) {
      const encoding = readChunk(reader, batch);
      if (!isKnownEncoding(encoding)) unknown = encoding;
    } else reader.skip();
  }
  reader.leave(outer);
  if (batch.endSeries() && isNew) batch.learn(reader.all, start, labelsEnd);
  return unknown;
}

/** Returns the encoding. */
function readChunk(reader: ProtoReader, batch: SeriesBatch): number {
  let minTime = 0;
  let maxTime = 0;
  let encoding = 0;
  let data = 0;
  let length = 0;
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
        data = reader.span();
        length = reader.length;
        break;
      default:
        reader.skip();
    }
  }
  reader.leave(outer);
  checkChunkLength(length);
  batch.addChunk(encoding, minTime, maxTime, reader.all, data, length);
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
