import type { AggrChunk } from '../../model/aggr-chunk.ts';
import type { EncodedChunk } from '../../model/chunk.ts';
import { labelsKey, pairsOf, type Labels } from '../../model/labels.ts';
import type { Pace } from '../../model/pacer.ts';
import type { DownsampledData, RawData, RawSeries } from '../../model/raw-data.ts';
import { ByteArena } from './byte-arena.ts';
import type { ChunkColumns, ChunkWeight } from './chunk-columns.ts';
import type { ChunkVisitor, Extent, SpanMeasure } from './extent.ts';
import { firstColumns, NO_COLUMNS } from './first-columns.ts';
import { discard, trimmed, withRoom } from './growing.ts';
import type { KnownSeries } from './known-series.ts';
import { sortByName } from './label-order.ts';
import { LabelOverlay } from './label-overlay.ts';
import { LabelTable } from './label-table.ts';
import { Recognition } from './recognition.ts';
import { BYTES_PER_EXTRA, aggregateBytes, bytesOf } from './sample-bytes.ts';
import { COUNT_BYTES, MOST_CHUNKS, MOST_LABELS, tooManyChunks, tooManyLabels } from './series-limits.ts';

/**
 * The series of one answer as columns outside of the JavaScript heap: ids of labels, facts of chunks, and the bytes of the
 * chunks. A series costs some bytes a label and 27 a chunk beside what it weighs, whatever their number; objects are made of
 * it only where somebody looks. Written series by series: {@link addLabel}, {@link addChunk}, {@link endSeries}.
 */
export class SeriesBatch implements Iterable<RawSeries> {
  readonly table: LabelTable;
  readonly #arena = new ByteArena();
  #length = 0;
  /** By series: where its labels and its chunks end. */
  #labelEnds = NO_COLUMNS.labelEnds;
  #chunkEnds = NO_COLUMNS.chunkEnds;
  #labels = NO_COLUMNS.labels;
  /** By chunk. */
  #minTimes = NO_COLUMNS.minTimes;
  #maxTimes = NO_COLUMNS.maxTimes;
  #places = NO_COLUMNS.places;
  #sizes = NO_COLUMNS.sizes;
  #encodings = NO_COLUMNS.encodings;
  /** Labels and chunks so far, those of the open series included. */
  #labelsUsed = 0;
  #chunksUsed = 0;
  /** Encodings that one byte does not hold: nobody knows them. */
  readonly #otherEncodings = new Map<number, number>();
  /** Samples that are no chunks. */
  readonly #columns = new Map<number, readonly RawData[]>();
  /** What the samples that are no chunks take, and those that are downsampled. */
  #otherBytes = 0;
  readonly #downsampled = new Map<number, { readonly chunks: AggrChunk[] }>();
  readonly #known: KnownSeries | undefined;
  /** Undefined where none is known of what may come. */
  readonly recognition: Recognition | undefined;

  /** @param known label sets that are likely to come. It learns the others. */
  constructor(known?: KnownSeries) {
    this.recognition = known && new Recognition(known);
    this.#known = known;
    this.table = known?.table ?? new LabelTable();
  }

  /** How many series there are. */
  get length(): number {
    return this.#length;
  }

  /** Memory that all of it takes, about; of what it shares with others that by which it grew. */
  get bytes(): number {
    return (
      this.#arena.bytes +
      (this.recognition ?? this.table).bytes +
      8 * this.#labelEnds.length +
      4 * this.#labels.length +
      25 * this.#minTimes.length +
      BYTES_PER_EXTRA * (this.#columns.size + this.#downsampled.size) +
      this.#otherBytes
    );
  }

  /** An id that the next label of the open series may have: that of the last series at the same place. */
  get guess(): number {
    if (this.#length === 0) return -1;
    const at = this.labelStart(this.#length - 1) + (this.#labelsUsed - this.labelStart(this.#length));
    return at < this.labelStart(this.#length) ? this.#labels[at]! : -1;
  }

  /**
   * Gives the open series the labels that stand at `start` of its message, which ends at `end`, where they are known.
   * Returns where they end; `start` where they are not, and have to be read.
   */
  recognize(message: Uint8Array, start: number, end: number): number {
    const known = this.#known;
    const set = this.recognition?.find(message, start, end) ?? -1;
    if (known === undefined || set < 0) return start;
    if (this.#labels === NO_COLUMNS.labels) this.#begin();
    this.#labels = known.appendIds(set, this.#labels, this.#labelsUsed);
    this.#labelsUsed += known.labelCount(set);
    return start + known.sectionLength(set);
  }

  /** Keeps the labels of the series that was ended last: all stand at [start, end) of its message. */
  learn(message: Uint8Array, start: number, end: number): void {
    const index = this.#length - 1;
    this.recognition?.learn(message, start, end, this.#labels, this.labelStart(index), this.labelEnd(index));
  }

  /** Adds a label of the table to the open series. */
  addLabel(id: number): void {
    this.recognition?.miss();
    if (this.#labelsUsed - this.labelStart(this.#length) >= MOST_LABELS) throw tooManyLabels();
    if (this.#labels === NO_COLUMNS.labels) this.#begin();
    this.#labels = withRoom(this.#labels, this.#labelsUsed + 1);
    this.#labels[this.#labelsUsed++] = id;
  }

  /** Adds a chunk to the open series; its bytes are copied. Times in ms. */
  addChunk(
    encoding: number,
    minTime: number,
    maxTime: number,
    bytes: Uint8Array,
    start: number,
    length: number,
  ): void {
    const chunk = this.#chunksUsed++;
    if (chunk - this.#chunkStart(this.#length) >= MOST_CHUNKS) throw tooManyChunks(MOST_CHUNKS);
    if (chunk === this.#minTimes.length) this.#growChunks(chunk + 1);
    this.#minTimes[chunk] = minTime;
    this.#maxTimes[chunk] = maxTime;
    this.#places[chunk] = this.#arena.put(bytes, start, length);
    this.#sizes[chunk] = length;
    this.#encodings[chunk] = Math.min(encoding, 0xff);
    if (encoding >= 0xff) this.#otherEncodings.set(chunk, encoding);
  }

  /**
   * Ends the open series. A long one comes in several pieces, one after the other under the same labels: they become one.
   * A series without any chunk is left out.
   * @param aggregated chunks with aggregates that the series has beside the others.
   * @returns whether it stays.
   * @throws MessageFormatError where a label name occurs twice.
   */
  endSeries(aggregated?: readonly AggrChunk[]): boolean {
    const from = this.labelStart(this.#length);
    if (this.recognition?.isFound !== true) sortByName(this.table, this.#labels, from, this.#labelsUsed);
    const isEmpty = this.#chunksUsed === this.#chunkStart(this.#length) && aggregated === undefined;
    let index = this.#length - 1;
    if (index >= 0 && this.#isSame(index, from)) {
      this.#labelsUsed = from;
      this.#chunkEnds[index] = this.#chunksUsed;
    } else if (!isEmpty) {
      index = this.#push();
    } else {
      this.#labelsUsed = from;
      return false;
    }
    this.recognition?.took(index);
    if (aggregated === undefined) return true;
    for (const chunk of aggregated) this.#otherBytes += aggregateBytes(chunk);
    const known = this.#downsampled.get(index)?.chunks ?? [];
    this.#downsampled.set(index, { chunks: [...known, ...aggregated] });
    return true;
  }

  /** Adds a series that is there as objects. Throws MessageFormatError for labels that UTF-8 cannot tell apart. */
  add(labels: Labels, data: RawData, downsampled?: DownsampledData): void {
    for (const [name, value] of pairsOf(labels)) this.addLabel(this.table.idOf(name, value));
    if (data.kind === 'chunks')
      for (const { encoding, minTime, maxTime, data: bytes } of data.chunks)
        this.addChunk(encoding, minTime, maxTime, bytes, 0, bytes.length);
    const index = this.#push();
    if (data.kind === 'columns') this.replace(index, [data]);
    if (downsampled !== undefined) this.#downsampled.set(index, { chunks: [...downsampled.chunks] });
  }

  /** Puts samples in the place of all that a series has, its downsampled data included. */
  replace(index: number, data: readonly RawData[]): void {
    this.#columns.set(index, data);
    this.#downsampled.delete(index);
    for (const each of data) if (each.kind === 'columns') this.#otherBytes += bytesOf(each.columns);
  }

  /** Gives back what the columns have beyond their series. To be called when the last one was added. */
  trim(): void {
    this.#labels = trimmed(this.#labels, this.#labelsUsed);
    this.recognition?.trim();
    this.#labelEnds = trimmed(this.#labelEnds, this.#length);
    this.#chunkEnds = trimmed(this.#chunkEnds, this.#length);
    this.#minTimes = trimmed(this.#minTimes, this.#chunksUsed);
    this.#maxTimes = trimmed(this.#maxTimes, this.#chunksUsed);
    this.#places = trimmed(this.#places, this.#chunksUsed);
    this.#sizes = trimmed(this.#sizes, this.#chunksUsed);
    this.#encodings = trimmed(this.#encodings, this.#chunksUsed);
  }

  /** Frees the memory of a batch that nobody uses, which is empty then. Left to the collector, it would pile up. */
  discard(): void {
    this.#arena.discard();
    for (const column of [this.#labels, this.#labelEnds, this.#chunkEnds, this.#places]) discard(column);
    for (const column of [this.#minTimes, this.#maxTimes, this.#sizes, this.#encodings]) discard(column);
    [this.#length, this.#labelsUsed, this.#chunksUsed] = [0, 0, 0];
    this.#begin(NO_COLUMNS);
  }

  /**
   * Lays labels over those of each series; where both have a name, `wins` says whose value counts. Costs little where the
   * series carry them all. The batch is of no use where the pace throws.
   */
  async overlay(extra: Labels, wins: 'extra' | 'series', pace: Pace): Promise<void> {
    const overlay = new LabelOverlay(this.table, extra, wins);
    const own = { labels: this.#labels, ends: this.#labelEnds, used: this.#labelsUsed, length: this.#length };
    const laid = await overlay.layOver(own, pace);
    if (laid === undefined) return;
    this.recognition?.overlay(`${wins} ${labelsKey(extra)}`);
    [this.#labels, this.#labelEnds, this.#labelsUsed] = [laid.labels, laid.ends, laid.used];
  }

  /** Where the ids of a series' labels begin in {@link labelIds}, and where they end. */
  labelStart(index: number): number {
    return index === 0 ? 0 : this.#labelEnds[index - 1]!;
  }

  labelEnd(index: number): number {
    return this.#labelEnds[index]!;
  }

  /** The ids of all series' labels, sorted by name within each. */
  get labelIds(): Int32Array {
    return this.#labels;
  }

  labels(index: number): Labels {
    return this.table.labelsOf(this.#labels, this.labelStart(index), this.labelEnd(index));
  }

  /** The samples of a series, as new objects each time. */
  data(index: number): readonly RawData[] {
    return this.#columns.get(index) ?? [{ kind: 'chunks', chunks: this.chunks(index) }];
  }

  /** The chunks that a series came with, views on their bytes. */
  chunks(index: number): readonly EncodedChunk[] {
    const chunks: EncodedChunk[] = [];
    for (let chunk = this.#chunkStart(index); chunk < this.#chunkEnds[index]!; chunk++)
      chunks.push({
        encoding: this.#otherEncodings.get(chunk) ?? this.#encodings[chunk]!,
        minTime: this.#minTimes[chunk]!,
        maxTime: this.#maxTimes[chunk]!,
        data: this.#arena.view(this.#places[chunk]!, this.#sizes[chunk]!),
      });
    return chunks;
  }

  /** Adds what the chunks of a series weigh; false where it has samples that are no chunks, or chunks of other kinds. */
  weigh(index: number, encodings: ReadonlySet<number>, weight: ChunkWeight): boolean {
    if (this.#columns.size > 0 && this.#columns.has(index)) return false;
    for (let chunk = this.#chunkStart(index); chunk < this.#chunkEnds[index]!; chunk++) {
      if (!encodings.has(this.#encodings[chunk]!)) return false;
      weight.chunks++;
      weight.bytes += this.#sizes[chunk]!;
      weight.samples += this.#sampleCount(chunk);
    }
    return true;
  }

  /** Copies the chunks of a series, which are all it has. */
  copyChunks(index: number, target: ChunkColumns): void {
    let [from, length] = [-1, 0];
    for (let chunk = this.#chunkStart(index); chunk < this.#chunkEnds[index]!; chunk++) {
      const [place, size] = [this.#places[chunk]!, this.#sizes[chunk]!];
      target.add(this.#encodings[chunk]!, this.#minTimes[chunk]!, this.#maxTimes[chunk]!, size);
      // Most chunks of a series lie one behind the other, and are copied at once.
      if (from < 0 || !this.#arena.isBehind(place, from, length)) {
        if (length > 0) target.addBytes(this.#arena.view(from, length));
        [from, length] = [place, 0];
      }
      length += size;
    }
    if (length > 0) target.addBytes(this.#arena.view(from, length));
  }

  downsampled(index: number): DownsampledData | undefined {
    return this.#downsampled.get(index);
  }

  /** Indices of the series that have downsampled data. */
  withDownsampled(): readonly number[] {
    return [...this.#downsampled.keys()];
  }

  /**
   * Widens an extent by the samples of a series, and returns the greatest of what a measure makes of each of its chunks, and of all
   * of them together. Infinite where only decoding tells; the extent then reaches over all times. Decodes nothing.
   */
  addExtent(index: number, extent: Extent, measure: SpanMeasure): number {
    if (this.#columns.size > 0 && this.#columns.has(index)) {
      extent.first = -Infinity;
      extent.last = Infinity;
      return Infinity;
    }
    let greatest = -Infinity;
    let samples = 0;
    let first = Infinity;
    let last = -Infinity;
    for (let chunk = this.#chunkStart(index); chunk < this.#chunkEnds[index]!; chunk++) {
      const [minTime, maxTime] = [this.#minTimes[chunk]!, this.#maxTimes[chunk]!];
      const count = this.#sampleCount(chunk);
      if (count > 1) greatest = Math.max(greatest, measure(count, maxTime - minTime));
      samples += count;
      if (minTime < first) first = minTime;
      if (maxTime > last) last = maxTime;
    }
    extent.first = Math.min(extent.first, first);
    extent.last = Math.max(extent.last, last);
    extent.most = Math.max(extent.most, samples);
    return Math.max(greatest, measure(samples, last - first));
  }

  /** Visits the chunks of a series until one is refused; false then, and where the series has samples that are no chunks. */
  eachChunk(index: number, visit: ChunkVisitor): boolean {
    if (this.#columns.size > 0 && this.#columns.has(index)) return false;
    for (let chunk = this.#chunkStart(index); chunk < this.#chunkEnds[index]!; chunk++)
      if (!visit(this.#sampleCount(chunk), this.#minTimes[chunk]!, this.#maxTimes[chunk]!)) return false;
    return true;
  }

  *[Symbol.iterator](): Iterator<RawSeries> {
    for (let i = 0; i < this.#length; i++)
      for (const data of this.data(i)) {
        const labels = this.labels(i);
        const downsampled = this.#downsampled.get(i);
        yield downsampled === undefined ? { labels, data } : { labels, data, downsampled };
      }
  }

  /** All encodings begin with their number of samples, in two bytes. */
  #sampleCount(chunk: number): number {
    return this.#sizes[chunk]! < COUNT_BYTES ? 0 : this.#arena.uint16(this.#places[chunk]!);
  }

  #chunkStart(index: number): number {
    return index === 0 ? 0 : this.#chunkEnds[index - 1]!;
  }

  #push(): number {
    const index = this.#length++;
    if (this.#labelEnds === NO_COLUMNS.labelEnds) this.#begin();
    this.#labelEnds = withRoom(this.#labelEnds, this.#length);
    this.#chunkEnds = withRoom(this.#chunkEnds, this.#length);
    this.#labelEnds[index] = this.#labelsUsed;
    this.#chunkEnds[index] = this.#chunksUsed;
    return index;
  }

  /** The first that is written finds the others empty as well. */
  #begin(first = firstColumns()): void {
    this.#labelEnds = first.labelEnds;
    this.#chunkEnds = first.chunkEnds;
    this.#labels = first.labels;
    this.#minTimes = first.minTimes;
    this.#maxTimes = first.maxTimes;
    this.#places = first.places;
    this.#sizes = first.sizes;
    this.#encodings = first.encodings;
  }

  #growChunks(length: number): void {
    if (this.#minTimes === NO_COLUMNS.minTimes) return this.#begin();
    this.#minTimes = withRoom(this.#minTimes, length);
    this.#maxTimes = withRoom(this.#maxTimes, length);
    this.#places = withRoom(this.#places, length);
    this.#sizes = withRoom(this.#sizes, length);
    this.#encodings = withRoom(this.#encodings, length);
  }

  /** Whether the open series has the labels of another. */
  #isSame(index: number, from: number): boolean {
    const start = this.labelStart(index);
    const count = this.#labelsUsed - from;
    if (this.#labelEnds[index]! - start !== count) return false;
    for (let i = 0; i < count; i++) if (this.#labels[start + i] !== this.#labels[from + i]) return false;
    return true;
  }
}
