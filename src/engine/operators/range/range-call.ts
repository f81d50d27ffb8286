import { LazyList } from '../../../model/lazy-list.ts';
import { SampleBuffer } from '../../../model/sample-columns.ts';
import type { EvalScope } from '../../context.ts';
import type { KernelNotes, RangeKernel } from '../../kernels/range-kernel.ts';
import { RangeRows } from '../../leaf/range-rows.ts';
import { labelOf, metricNameOf, type Operator, type SeriesHead, type SeriesHeads } from '../../operator.ts';
import { DelayedHead, NamelessHead } from '../../nameless-head.ts';
import { StepKind, StepRow } from '../../step-row.ts';
import { countPresent } from '../row-contents.ts';
import { nextSeries, type RangeSource } from './range-source.ts';
import { type RangeWindows, countWindowsPaced } from './range-windows.ts';
import { nextOf, type RowStream } from '../../row-stream.ts';
import { computeInSlices, windowSamples } from './step-slices.ts';
import { readScalar } from '../scalar/scalar-steps.ts';
import { counterNameRemark } from '../../kernels/remarks.ts';
import { isLong } from '../../row-parts.ts';

export interface RangeCallTraits {
  /** The result is of the same quantity as the samples. */
  readonly keepsName: boolean;
  /** Reads start timestamps, where the query uses them. */
  readonly usesStart: boolean;
  /** Meant for counters: a remark is due where the name says otherwise. */
  readonly forCounters: boolean;
  /** Whether the samples in the windows count as read. */
  readonly counted: boolean;
}

export interface RangeCallParts {
  /** Where other threads may make the rows. */
  readonly func?: string;
  readonly kernel: RangeKernel;
  readonly traits: RangeCallTraits;
  readonly source: RangeSource;
  readonly windows: RangeWindows;
  /** The scalar arguments, in the order of the call. */
  readonly args: readonly Operator[];
  /** Where remarks point: the call's first argument. */
  readonly notes: KernelNotes;
}

/** Samples in the windows of one series beyond which its row would keep others waiting. */
const HEAVY_SAMPLES = 5_000_000;

/**
 * Such a number of samples of one series takes long to make, look through and reduce. Only a fine subquery makes it.
 */
const LONG_SERIES = 500_000;

interface HeldRow {
  readonly index: number;
  readonly row: StepRow;
}

/** A function of a range vector: reads a series, finds its windows, lets the kernel compute the row, forgets it. */
export class RangeCall implements Operator {
  series: SeriesHeads = [];
  isDistinct = false;
  readonly #scope: EvalScope;
  readonly #parts: RangeCallParts;
  readonly #buffer = new SampleBuffer();
  /** The series that `open` has read into the buffer to see how heavy they are; -1 where there is none. */
  #read = -1;
  /** The rows of heavy series, computed by `open`. */
  #held: HeldRow[] | undefined;
  /** Makes the rows; set by `open`. */
  #rows: RangeRows | undefined;
  /** The rows, where other threads make them. */
  #offloaded: RowStream | undefined;

  constructor(scope: EvalScope, parts: RangeCallParts) {
    this.#scope = scope;
    this.#parts = parts;
  }

  async open(): Promise<void> {
    const { func, kernel, source, windows, traits, args, notes } = this.#parts;
    const { query } = this.#scope;
    await source.open();
    await windows.open(query.pacer);
    const values: Float64Array[] = [];
    for (const arg of args) values.push(await readScalar(arg, this.#scope));
    const { series } = source;
    this.series = new LazyList(series.length, (index) => {
      const head = series.at(index)!;
      if (traits.keepsName && !head.dropName) return head;
      return query.delayNameRemoval ? new DelayedHead(head) : new NamelessHead(head);
    });
    this.isDistinct = source.isOneMetric === true;
    const usesStart = query.useStartTimestamps && traits.usesStart;
    const counts = traits.counted ? this.#scope.counts : undefined;
    this.#rows = new RangeRows({ kernel, windows, args: values, usesStart, notes, counts });
    if (func !== undefined)
      this.#offloaded = source.rows?.(
        { func, args: values, usesStart },
        { notes, counts: this.#scope.counts },
      );
    if (this.#offloaded === undefined) await this.#holdIfHeavy();
  }

  /**
   * Rows that take long are computed here, because `next` cannot give way. The first series that has any samples stands
   * for all, since those of one selection are scraped alike. One without samples has no row: its own may still be on the
   * way from another thread, and then it comes again.
   */
  async #holdIfHeavy(): Promise<void> {
    const { source, windows } = this.#parts;
    const { query, grid } = this.#scope;
    do {
      this.#read = await nextSeries(source, this.#buffer, query.pacer);
      if (this.#read < 0) {
        this.#held = [];
        return;
      }
      if (query.pacer.due()) await query.pacer.breathe();
    } while (this.#buffer.length === 0);
    if (source.isSlow !== true && !isLong(grid.count)) {
      windows.locate(this.#buffer);
      if (this.#buffer.length < LONG_SERIES && windowSamples(windows) < HEAVY_SAMPLES) return;
    }
    const held: HeldRow[] = [];
    while (this.#read >= 0) {
      const index = this.#read;
      const row = new StepRow(grid.count);
      await this.#computePaced(source.series.at(index)!, row);
      if (this.#finish(source.series.at(index)!, row, countPresent(row))) held.push({ index, row });
      this.#read = await nextSeries(source, this.#buffer, query.pacer);
    }
    this.#held = held.toReversed();
  }

  /** Computes the row of the series in the buffer, giving way on the way. */
  async #computePaced(head: SeriesHead, row: StepRow): Promise<void> {
    const { windows, kernel, traits, notes } = this.#parts;
    const { counts, query } = this.#scope;
    const { pacer, budget } = query;
    const { length } = this.#buffer;
    budget.take(length);
    await windows.locatePaced(this.#buffer, pacer);
    if (traits.counted) await countWindowsPaced(windows, this.#buffer, counts, pacer);
    const input = this.#rows!.inputOf(this.#buffer, metricNameOf(head));
    await computeInSlices(kernel, input, row, notes, pacer);
    budget.release(length);
  }

  next(row: StepRow): number {
    const { source } = this.#parts;
    const { budget } = this.#scope.query;
    if (this.#offloaded !== undefined) return this.#nextOffloaded(this.#offloaded, row);
    if (this.#held !== undefined) {
      const held = this.#held.pop();
      if (held === undefined) return -1;
      row.copyFrom(held.row);
      return held.index;
    }
    const index = this.#nextSeries();
    if (index < 0) return -1;
    const head = source.series.at(index)!;
    budget.take(this.#buffer.length);
    const present = this.#rows!.fill(this.#buffer, metricNameOf(head), row);
    budget.release(this.#buffer.length);
    this.#finish(head, row, present);
    return index;
  }

  #nextOffloaded(rows: RowStream, row: StepRow): number {
    const { budget, pacer } = this.#scope.query;
    const index = nextOf(rows, row, pacer);
    budget.take(rows.samples);
    budget.release(rows.samples);
    if (rows.present > 0) {
      budget.take(rows.present);
      if (this.#parts.traits.forCounters) this.#remarkOnName(this.#parts.source.series.at(index)!, row);
    }
    return index;
  }

  #nextSeries(): number {
    const read = this.#read;
    this.#read = -1;
    return read >= 0 ? read : this.#parts.source.next(this.#buffer);
  }

  /** Counts what the row holds; returns whether that is anything. */
  #finish(head: SeriesHead, row: StepRow, present: number): boolean {
    if (present === 0) return false;
    this.#scope.query.budget.take(present);
    if (this.#parts.traits.forCounters) this.#remarkOnName(head, row);
    return true;
  }

  #remarkOnName(head: SeriesHead, row: StepRow): void {
    if (row.h !== undefined && !row.kind.includes(StepKind.float)) return;
    const type = this.#scope.query.typeAndUnitLabels ? labelOf(head, '__type__') : undefined;
    const remark = counterNameRemark(metricNameOf(head), type);
    if (remark !== undefined) this.#parts.notes.info(remark);
  }
}
