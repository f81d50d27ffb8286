import type { RawData } from '../../model/raw-data.ts';
import type { EncodedChunk } from '../../model/chunk.ts';
import type { Pace } from '../../model/pacer.ts';
import { SampleBuffer, appendRange, type SampleColumns } from '../../model/sample-columns.ts';
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
  const reading = new ReplicaReading(pieces, { minTime, maxTime }, target, scratch);
  while (reading.step());
}

/** Each overlapping chunk makes a copy of all before it. Of more than so many each is merged with others of its size. */
const MOST_ONE_BY_ONE = 32;

/** What {@link readReplica} does, chunk by chunk and piece by piece, so that whoever reads a long series can give way. */
class ReplicaReading {
  readonly #pieces: readonly RawData[];
  readonly #chunks: readonly EncodedChunk[];
  readonly #range: TimeRange;
  readonly #target: SampleBuffer;
  readonly #scratch: ReadScratch;
  /** The next chunk, and the next piece. */
  #chunk = 0;
  #piece = 0;
  #overlaps = 0;
  /** Merged chunks, each of more than the next one, once too many overlap. */
  #runs: Run[] | undefined;

  constructor(pieces: readonly RawData[], range: TimeRange, target: SampleBuffer, scratch: ReadScratch) {
    target.clear();
    this.#pieces = pieces;
    this.#chunks = chunksOf(pieces);
    this.#range = range;
    this.#target = target;
    this.#scratch = scratch;
  }

  /** Goes on; false once all is read. Throws as {@link readReplica}. */
  step(): boolean {
    if (this.#chunk < this.#chunks.length) {
      const chunk = this.#chunks[this.#chunk++]!;
      const { minTime, maxTime } = this.#range;
      if (chunk.maxTime >= minTime && chunk.minTime <= maxTime) this.#add(chunk);
      return true;
    }
    if (this.#runs !== undefined) this.#endRuns(this.#runs);
    for (; this.#piece < this.#pieces.length; this.#piece++) {
      const piece = this.#pieces[this.#piece]!;
      if (piece.kind !== 'columns') continue;
      this.#addColumns(piece.columns);
      this.#piece++;
      return true;
    }
    return false;
  }

  #add(chunk: EncodedChunk): void {
    if (this.#runs !== undefined) return addRun(this.#runs, this.#decoded(chunk));
    const target = this.#target;
    const { minTime, maxTime } = this.#range;
    const before = target.length;
    const newest = before === 0 ? -Infinity : target.t[before - 1]!;
    if (chunk.minTime > newest) {
      decodeChunk(chunk, target, minTime, maxTime);
      if (target.length === before || target.t[before]! > newest) return;
      target.length = before;
    }
    if (++this.#overlaps > MOST_ONE_BY_ONE) {
      this.#runs = [{ chunks: this.#chunk - 1, samples: copyOf(target) }];
      return addRun(this.#runs, this.#decoded(chunk));
    }
    const { piece } = this.#scratch;
    piece.clear();
    decodeChunk(chunk, piece, minTime, maxTime);
    addOverlapping(piece, target, this.#scratch);
  }

  #decoded(chunk: EncodedChunk): SampleBuffer {
    const samples = new SampleBuffer();
    decodeChunk(chunk, samples, this.#range.minTime, this.#range.maxTime);
    return samples;
  }

  #endRuns(runs: Run[]): void {
    while (runs.length > 1) mergeLast(runs);
    this.#target.clear();
    const [{ samples }] = runs as [Run];
    appendRange(this.#target, samples, 0, samples.length);
    this.#runs = undefined;
  }

  #addColumns(columns: SampleColumns): void {
    const target = this.#target;
    const newest = target.length === 0 ? -Infinity : target.t[target.length - 1]!;
    if (columns.length === 0) return;
    if (columns.t[0]! > newest) appendRange(target, columns, 0, columns.length);
    else addOverlapping(columns, target, this.#scratch);
  }
}

/** Samples of so many chunks. */
interface Run {
  readonly chunks: number;
  readonly samples: SampleBuffer;
}

/** Adds a chunk. Runs of equal size are merged, so each sample is copied as often as there are doublings, and few runs are held. */
function addRun(runs: Run[], samples: SampleBuffer): void {
  runs.push({ chunks: 1, samples });
  while (runs.length > 1 && sizeAt(runs, -1) >= sizeAt(runs, -2)) mergeLast(runs);
}

function sizeAt(runs: readonly Run[], place: number): number {
  return runs.at(place)?.chunks ?? 0;
}

function mergeLast(runs: Run[]): void {
  const [a, b] = runs.splice(-2) as [Run, Run];
  const samples = new SampleBuffer();
  mergeColumns(a.samples, b.samples, samples);
  runs.push({ chunks: a.chunks + b.chunks, samples });
}

function copyOf(columns: SampleColumns): SampleBuffer {
  const copy = new SampleBuffer(columns.length);
  appendRange(copy, columns, 0, columns.length);
  return copy;
}

/**
 * The same where malformed chunks are expected.
 * @returns what is wrong with a chunk; the target is empty then. Undefined where nothing is.
 */
export function tryReadReplica(
  pieces: readonly RawData[],
  range: TimeRange,
  target: SampleBuffer,
  scratch: ReadScratch,
): string | undefined {
  try {
    readReplica(pieces, range.minTime, range.maxTime, target, scratch);
    return undefined;
  } catch (thrown) {
    return problemOf(thrown, target);
  }
}

/** What {@link tryReadReplica} does, giving way on the way. */
export async function tryReadReplicaPaced(
  pieces: readonly RawData[],
  range: TimeRange,
  target: SampleBuffer,
  scratch: ReadScratch,
  pace: Pace,
): Promise<string | undefined> {
  const reading = new ReplicaReading(pieces, range, target, scratch);
  for (;;) {
    try {
      if (!reading.step()) return undefined;
    } catch (thrown) {
      return problemOf(thrown, target);
    }
    if (pace.due()) await pace.breathe();
  }
}

function problemOf(thrown: unknown, target: SampleBuffer): string {
  if (!(thrown instanceof ChunkFormatError)) throw thrown;
  target.clear();
  return thrown.message;
}

function addOverlapping(columns: SampleColumns, target: SampleBuffer, { merged }: ReadScratch): void {
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
