import { leafRows } from '../../engine/leaf/leaf-rows.ts';
import type { Leaf, LeafRows } from '../../engine/leaf/leaf.ts';
import type { RowSinks, RowStream } from '../../engine/row-stream.ts';
import type { SelectedSeries } from '../../engine/series-source.ts';
import type { StepRow } from '../../engine/step-row.ts';
import type { Budget } from '../../model/budget.ts';
import { QueryError } from '../../model/errors.ts';
import { Pacer } from '../../model/pacer.ts';
import type { TurnTaker } from '../../model/turn-taker.ts';
import type { ItemList } from '../../model/lazy-list.ts';
import { SampleBuffer } from '../../model/sample-columns.ts';
import type { SeriesGroups } from '../reading/series-groups.ts';
import type { ReadContext } from '../series/selected-series.ts';
import type { RowAnswer } from './row-task.ts';
import type { RowThreads } from './thread-pool.ts';
import { nextStretch, taskBytes, writeTask } from './write-task.ts';

/** What the rows of one selection are made of. */
export interface OffloadParts {
  readonly groups: SeriesGroups;
  readonly reading: ReadContext;
  /** The same series, read on this thread: what cannot be sent. */
  readonly series: ItemList<SelectedSeries>;
  readonly threads: RowThreads;
  readonly budget: Pick<Budget, 'take' | 'give'>;
  readonly signal: AbortSignal;
  /** For whom they are. */
  readonly caller: TurnTaker;
}

/** Tasks of one stream that are out or done, for each thread: one is read here while the threads are busy with the others. */
const TASKS_PER_THREAD = 3;

/** Series that were sent, from one position on; or a single one that has to be read here. */
class Segment {
  readonly from: number;
  /** Memory that it takes until it was read. */
  readonly bytes: number;
  /** Resolves once the answer is there, or what came instead; undefined where the series is read here. */
  readonly done: Promise<void> | undefined;
  answer: RowAnswer | undefined;
  thrown: unknown;
  /** Where the reader is: the next series of the answer, and the next row. */
  series = 0;
  row = 0;
  /** How many of the replicas that cannot be decoded were told of. */
  told = 0;

  constructor(from: number, bytes: number = 0, answer?: Promise<RowAnswer>) {
    this.from = from;
    this.bytes = bytes;
    this.done = answer === undefined ? undefined : this.#keep(answer);
  }

  get isReady(): boolean {
    return this.done === undefined || this.answer !== undefined || this.thrown !== undefined;
  }

  async #keep(answer: Promise<RowAnswer>): Promise<void> {
    try {
      this.answer = await answer;
    } catch (thrown) {
      this.thrown = thrown;
    }
  }
}

/**
 * Rows in the order of the series. A few tasks are out at any time; the next one is written when one was read, so that memory
 * does not grow with the answer.
 */
export class OffloadedRows implements RowStream {
  samples = 0;
  present = 0;
  readonly #parts: OffloadParts;
  readonly #leaf: Leaf;
  readonly #sinks: RowSinks;
  readonly #local: LeafRows;
  readonly #buffer = new SampleBuffer();
  readonly #segments: Segment[] = [];
  /** The first series that is in no segment yet. */
  #next = 0;

  constructor(parts: OffloadParts, leaf: Leaf, sinks: RowSinks) {
    this.#parts = parts;
    this.#leaf = leaf;
    this.#sinks = sinks;
    this.#local = leafRows(leaf, sinks.notes, sinks.counts);
    this.#open();
  }

  get isReady(): boolean {
    return this.#segments[0]?.isReady ?? true;
  }

  async ready(): Promise<void> {
    const pacer = new Pacer(this.#parts);
    // The threads may begin with the first task while the others are written.
    while (this.#open()) if (pacer.due()) await pacer.breathe();
    await this.#segments[0]?.done;
  }

  next(row: StepRow): number {
    this.samples = this.present = 0;
    const [segment] = this.#segments;
    if (segment === undefined) return -1;
    if (segment.thrown !== undefined) throw segment.thrown;
    if (segment.done === undefined) return this.#readHere(segment, row);
    if (segment.answer !== undefined) return this.#readAnswer(segment, segment.answer, row);
    row.clear();
    return segment.from;
  }

  #readHere({ from }: Segment, row: StepRow): number {
    const series = this.#parts.series.at(from)!;
    series.read(this.#buffer);
    this.present = this.#local.fill(this.#buffer, series.metricName ?? '', row);
    this.samples = this.#buffer.length;
    this.#drop();
    return from;
  }

  #readAnswer(segment: Segment, answer: RowAnswer, row: StepRow): number {
    if (segment.series === 0) this.#takeDown(answer);
    const { lengths, present, kinds, values, failure } = answer;
    const series = segment.series++;
    this.#tellUnreadable(segment, answer, series);
    this.#lookAt(segment.from + series);
    if (series === lengths.length && failure !== undefined)
      throw new QueryError(failure.kind, failure.message);
    this.samples = lengths[series]!;
    this.present = present[series]!;
    row.clear();
    if (this.present > 0) {
      const at = segment.row++ * row.length;
      row.kind.set(kinds.subarray(at, at + row.length));
      row.v.set(values.subarray(at, at + row.length));
    }
    if (segment.series === lengths.length && failure === undefined) this.#drop();
    return segment.from + series;
  }

  /** Hands on what the kernel says of the rows of a task. */
  #takeDown({ notes, counts }: RowAnswer): void {
    for (const { severity, message, count } of notes) {
      if (count !== undefined) this.#sinks.notes.warnCounted(message, count);
      else if (severity === 'info') this.#sinks.notes.info(message);
      else this.#sinks.notes.warn(message);
    }
    for (let step = 0; step < counts.length; step++) this.#sinks.counts.add(step, counts[step]!);
  }

  /** Not before the series is read: from then on those behind it are looked at for holes, and those before it were not. */
  #tellUnreadable(segment: Segment, { unreadable }: RowAnswer, series: number): void {
    if (unreadable[segment.told]?.series !== series) return;
    const { groups, reading } = this.#parts;
    const group = groups.at(segment.from + series);
    const broken = unreadable.filter((other) => other.series === series);
    const readable = group.replicas.filter((_, i) => broken.every((other) => other.replica !== i));
    segment.told += broken.length;
    for (const { replica, reason } of broken)
      reading.findings.unreadable(group, group.replicas[replica]!, reason, readable);
  }

  /** Whether a loss was found that the series has to be looked at for, after it was sent: then it is read here as well. */
  #lookAt(position: number): void {
    const { groups, reading, series } = this.#parts;
    if (position < groups.length && reading.findings.watches(groups.at(position)))
      series.at(position)!.read(this.#buffer);
  }

  /** Forgets the segment that was read, and sees to the next ones. */
  #drop(): void {
    this.#parts.budget.give(this.#segments.shift()!.bytes);
    this.#open();
  }

  /** Opens one more segment, if it is time for it. */
  #open(): boolean {
    const { groups, threads } = this.#parts;
    if (this.#segments.length >= TASKS_PER_THREAD * threads.size || this.#next >= groups.length) return false;
    this.#segments.push(this.#nextSegment());
    return true;
  }

  /** The next segment; its task is on the way. */
  #nextSegment(): Segment {
    const { groups, reading, threads, budget } = this.#parts;
    const from = this.#next;
    const stretch = nextStretch(
      groups,
      from,
      this.#leaf,
      threads.samplesPerTask,
      (position) => !reading.findings.watches(groups.at(position)),
    );
    if (stretch === undefined) {
      this.#next = from + 1;
      return new Segment(from);
    }
    this.#next = stretch.to;
    const bytes = taskBytes(stretch, this.#leaf);
    budget.take(bytes);
    const task = writeTask(groups, stretch, this.#leaf, reading);
    return new Segment(from, bytes, threads.answer(task, this.#parts));
  }
}
