import type { RawData } from '../../model/raw-data.ts';
import type { EncodedChunk } from '../../model/chunk.ts';
import { SampleBuffer, appendRange } from '../../model/sample-columns.ts';
import type { TimeRange } from '../../model/time-range.ts';
import { ChunkFormatError } from '../../wire/chunk/chunk-format-error.ts';
import { decodeChunk } from '../../wire/chunk/decode.ts';
import { mergeColumns } from './merge-columns.ts';

/** Buffers that one selection reads all of its series with, one after the other. Most selections need few of them. */
export class ReadScratch {
  readonly #replicas: SampleBuffer[] = [];
  #piece: SampleBuffer | undefined;
  #merged: SampleBuffer | undefined;

  get piece(): SampleBuffer {
    return (this.#piece ??= new SampleBuffer());
  }

  get merged(): SampleBuffer {
    return (this.#merged ??= new SampleBuffer());
  }

  replica(i: number): SampleBuffer {
    return (this.#replicas[i] ??= new SampleBuffer());
  }
}

/**
 * Decodes what one endpoint has of one series in [minTime, maxTime] (ms, inclusive) into `target`, strictly ascending:
 * chunks and pieces may overlap, since several blocks and the head can hold the same time. Usually they do not, and
 * each is appended to the one before. Throws ChunkFormatError where a chunk is malformed.
 */
export function readReplica(
  pieces: readonly RawData[],
  minTime: number,
  maxTime: number,
  target: SampleBuffer,
  scratch: ReadScratch,
): void {
  target.clear();
  const chunks = chunksOf(pieces);
  let overlaps = 0;
  for (const chunk of chunks) {
    if (chunk.maxTime < minTime || chunk.minTime > maxTime) continue;
    const before = target.length;
    const newest = before === 0 ? -Infinity : target.t[before - 1]!;
    if (chunk.minTime > newest) {
      decodeChunk(chunk, target, minTime, maxTime);
      if (target.length === before || target.t[before]! > newest) continue;
      target.length = before;
    }
    if (++overlaps > MOST_ONE_BY_ONE) {
      const all = mergedHalves(chunks, minTime, maxTime);
      target.clear();
      appendRange(target, all, 0, all.length);
      break;
    }
    scratch.piece.clear();
    decodeChunk(chunk, scratch.piece, minTime, maxTime);
    addOverlapping(scratch.piece, target, scratch);
  }
  for (const piece of pieces) {
    if (piece.kind !== 'columns') continue;
    const { columns } = piece;
    const newest = target.length === 0 ? -Infinity : target.t[target.length - 1]!;
    if (columns.length === 0) continue;
    if (columns.t[0]! > newest) appendRange(target, columns, 0, columns.length);
    else addOverlapping(columns, target, scratch);
  }
}

/** Each overlapping chunk makes a copy of all before it. Of more than so many the halves are merged, and theirs, and so on. */
const MOST_ONE_BY_ONE = 32;

function mergedHalves(chunks: readonly EncodedChunk[], minTime: number, maxTime: number): SampleBuffer {
  const all = new SampleBuffer();
  if (chunks.length === 1) {
    decodeChunk(chunks[0]!, all, minTime, maxTime);
    return all;
  }
  const middle = chunks.length >> 1;
  const [left, right] = [chunks.slice(0, middle), chunks.slice(middle)];
  mergeColumns(mergedHalves(left, minTime, maxTime), mergedHalves(right, minTime, maxTime), all);
  return all;
}

/**
 * The same where malformed chunks are expected.
 * @returns what is wrong with a chunk; the target is empty then. Undefined where nothing is.
 */
export function tryReadReplica(
  pieces: readonly RawData[],
  { minTime, maxTime }: TimeRange,
  target: SampleBuffer,
  scratch: ReadScratch,
): string | undefined {
  try {
    readReplica(pieces, minTime, maxTime, target, scratch);
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof ChunkFormatError)) throw thrown;
    target.clear();
    return thrown.message;
  }
}

function addOverlapping(
  columns: Parameters<typeof mergeColumns>[0],
  target: SampleBuffer,
  { merged }: ReadScratch,
): void {
  mergeColumns(target, columns, merged);
  target.clear();
  appendRange(target, merged, 0, merged.length);
}

/** All chunks by time. Those of one piece nearly always are. */
function chunksOf(pieces: readonly RawData[]): readonly EncodedChunk[] {
  const [first] = pieces;
  if (pieces.length === 1 && first?.kind === 'chunks' && isOrdered(first.chunks)) return first.chunks;
  return pieces
    .flatMap((piece) => (piece.kind === 'chunks' ? piece.chunks : []))
    .sort((a, b) => a.minTime - b.minTime || a.maxTime - b.maxTime);
}

function isOrdered(chunks: readonly EncodedChunk[]): boolean {
  for (let i = 1; i < chunks.length; i++) if (chunks[i]!.minTime < chunks[i - 1]!.minTime) return false;
  return true;
}
