import { METRIC_NAME, labelValue } from '../../../model/labels.ts';
import { SampleBuffer } from '../../../model/sample-columns.ts';
import type { EvalScope } from '../../context.ts';
import type { KernelNotes, RangeInput, RangeKernel } from '../../kernels/range-kernel.ts';
import { counterNameRemark } from '../../kernels/counter-name.ts';
import type { Operator, SeriesHead } from '../../operator.ts';
import { StepKind, type StepRow } from '../../step-row.ts';
import { withoutMetadata } from '../../metadata-labels.ts';
import { countPresent } from '../row-contents.ts';
import { readScalar } from '../scalar/read-scalar.ts';
import type { RangeSource } from './range-source.ts';
import type { RangeWindows } from './range-windows.ts';
import { countWindows } from './window-sizes.ts';

export interface RangeCallTraits {
  /** The result is of the same quantity as the samples. */
  readonly keepsName: boolean;
  /** Reads start timestamps, where the query uses them. */
  readonly usesStart: boolean;
  /** Meant for counters: a remark is due where the name says otherwise. */
  readonly forCounters: boolean;
}

export interface RangeCallParts {
  readonly kernel: RangeKernel;
  readonly traits: RangeCallTraits;
  readonly source: RangeSource;
  readonly windows: RangeWindows;
  /** The scalar arguments, in the order of the call. */
  readonly args: readonly Operator[];
  /** Where remarks point: the call's first argument. */
  readonly notes: KernelNotes;
}

/** A function of a range vector: reads a series, finds its windows, lets the kernel compute the row, forgets it. */
export class RangeCall implements Operator {
  series: readonly SeriesHead[] = [];
  readonly #scope: EvalScope;
  readonly #parts: RangeCallParts;
  readonly #buffer = new SampleBuffer();
  #args: readonly Float64Array[] = [];

  constructor(scope: EvalScope, parts: RangeCallParts) {
    this.#scope = scope;
    this.#parts = parts;
  }

  async open(): Promise<void> {
    const { source, traits, args } = this.#parts;
    const { query, grid } = this.#scope;
    await source.open();
    const values: Float64Array[] = [];
    for (const arg of args) values.push(await readScalar(arg, grid.count));
    this.#args = values;
    this.series = source.series.map((head) => {
      const drops = !traits.keepsName || head.dropName;
      const labels = drops && !query.delayNameRemoval ? withoutMetadata(head.labels) : head.labels;
      return { labels, dropName: drops };
    });
  }

  next(row: StepRow): number {
    const { source, traits } = this.#parts;
    const { budget } = this.#scope.query;
    for (;;) {
      const index = source.next(this.#buffer);
      if (index < 0) return -1;
      budget.take(this.#buffer.length);
      row.clear();
      this.#compute(source.series[index]!, row);
      budget.release(this.#buffer.length);
      const present = countPresent(row);
      if (present === 0) continue;
      budget.take(present);
      if (traits.forCounters) this.#remarkOnName(source.series[index]!, row);
      return index;
    }
  }

  #compute({ labels }: SeriesHead, row: StepRow): void {
    const { kernel, windows, notes, traits } = this.#parts;
    const { counts, grid, query } = this.#scope;
    const buffer = this.#buffer;
    windows.locate(buffer);
    countWindows(windows, buffer, counts);
    const { length, t, v, h, st } = buffer;
    const { stepTime, lo, hi, windowStart, windowEnd } = windows;
    const usesStart = query.useStartTimestamps && traits.usesStart;
    const input: RangeInput = {
      metricName: labelValue(labels, METRIC_NAME),
      length,
      t,
      v,
      h,
      st: usesStart ? st : undefined,
      stepCount: grid.count,
      stepTime,
      lo,
      hi,
      windowStart,
      windowEnd,
      args: this.#args,
    };
    kernel(input, row, notes);
  }

  #remarkOnName({ labels }: SeriesHead, row: StepRow): void {
    if (row.h !== undefined && !row.kind.includes(StepKind.float)) return;
    const remark = counterNameRemark(labels, this.#scope.query.typeAndUnitLabels);
    if (remark !== undefined) this.#parts.notes.info(remark);
  }
}
