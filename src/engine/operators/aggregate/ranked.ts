import type { EvalScope } from '../../context.ts';
import { checkCount, extentOf } from '../../kernels/aggregate/parameter.ts';
import { StepHeaps } from '../../kernels/aggregate/step-heaps.ts';
import type { KernelNotes } from '../../kernels/range-kernel.ts';
import { histogramIgnoredInAggregation } from '../../kernels/remarks.ts';
import { type Operator, eachRow, type SeriesHeads } from '../../operator.ts';
import { StepKind, StepRow } from '../../step-row.ts';
import { isEmpty } from '../row-contents.ts';
import { groupSeries, type Grouping } from './grouping.ts';
import { PickedRows } from './picked-rows.ts';
import { readScalar } from '../scalar/scalar-steps.ts';
import { eachPart } from '../../row-parts.ts';
import type { Pace } from '../../../model/pacer.ts';

export interface RankedParts {
  readonly op: 'topk' | 'bottomk' | 'limitk';
  readonly child: Operator;
  /** k. */
  readonly param: Operator;
  readonly grouping: Grouping;
  readonly notes: KernelNotes;
}

/** How many samples are picked between two looks at the clock. */
const LOOK_EVERY = 64;

/** topk(), bottomk() and limitk(): at each step the k greatest, smallest or first samples of each group. */
export class Ranked implements Operator {
  readonly #scope: EvalScope;
  readonly #parts: RankedParts;
  readonly #picked: PickedRows;
  /** Group number to heaps, in the order in which groups turn up. */
  readonly #heaps = new Map<number, StepHeaps>();
  /** limitk() gives histograms out as well, which heaps do not hold. */
  readonly #histogramRows = new Map<number, StepRow>();

  constructor(scope: EvalScope, parts: RankedParts) {
    this.#scope = scope;
    this.#parts = parts;
    this.#picked = new PickedRows(scope.grid.count);
  }

  get series(): SeriesHeads {
    return this.#parts.child.series;
  }

  async open(): Promise<void> {
    const { query, grid } = this.#scope;
    const { child, param, grouping } = this.#parts;
    const heldBefore = query.budget.held;
    const parameter = await readScalar(param, this.#scope);
    await child.open();
    const k = await limits(parameter, child.series.length, query.pacer);
    const picksAny = checkCount(await extentOf(parameter, query.pacer));
    const { groupOf, sizes } = await groupSeries(child.series, grouping, query.pacer);
    const row = new StepRow(grid.count);
    await eachRow(child, row, query.pacer, (index) => {
      if (!picksAny || isEmpty(row)) return undefined;
      const heaps = this.#heapsOf(groupOf[index]!, sizes[groupOf[index]!]!, k);
      return eachPart(row.length, query.pacer, (from, to) => this.#add(heaps, index, row, k, from, to));
    });
    query.budget.settle(heldBefore, await this.#pick());
  }

  next(row: StepRow): number {
    return this.#picked.next(row);
  }

  /** Offers the samples of steps [from, to). */
  #add(heaps: StepHeaps, series: number, row: StepRow, k: Int32Array, from: number, to: number): void {
    const { op, notes } = this.#parts;
    for (let step = from; step < to; step++) {
      if (row.kind[step] === StepKind.absent || k[step]! < 1) continue;
      const isHistogram = row.kind[step] === StepKind.histogram;
      if (op !== 'limitk') {
        if (isHistogram) notes.info(histogramIgnoredInAggregation(op));
        else heaps.offer(step, series, row.v[step]!, k[step]!);
      } else if (heaps.size(step) < k[step]!) {
        heaps.push(step, series, isHistogram ? 0 : row.v[step]!);
        if (isHistogram) this.#keepHistogram(series, step, row);
      }
    }
  }

  #heapsOf(group: number, size: number, k: Int32Array): StepHeaps {
    let heaps = this.#heaps.get(group);
    if (heaps === undefined) {
      const capacity = Math.min(
        size,
        k.reduce((most, limit) => Math.max(most, limit), 0),
      );
      // A place of a heap is a value and a series, twelve bytes; a sample is sixteen.
      this.#scope.query.budget.take(Math.ceil(k.length * capacity * 0.75));
      heaps = new StepHeaps(k.length, capacity, this.#parts.op === 'bottomk' ? 'highest' : 'lowest');
      this.#heaps.set(group, heaps);
    }
    return heaps;
  }

  #keepHistogram(series: number, step: number, row: StepRow): void {
    const kept = this.#histogramRows.get(series) ?? new StepRow(row.length);
    kept.copyHistogram(step, row.h!, step);
    this.#histogramRows.set(series, kept);
  }

  /** Turns the heaps into rows, best first; returns how many samples were picked. */
  async #pick(): Promise<number> {
    const { pacer } = this.#scope.query;
    let picked = 0;
    for (const heaps of this.#heaps.values()) {
      for (let step = 0; step < this.#scope.grid.count; step++) {
        if (step % LOOK_EVERY === 0 && pacer.due()) await pacer.breathe();
        if (this.#parts.op !== 'limitk') {
          const sorted = heaps.sort(step, pacer);
          if (sorted !== undefined) await sorted;
        }
        for (let position = 0; position < heaps.size(step); position++) {
          if (position % LOOK_EVERY === LOOK_EVERY - 1 && pacer.due()) await pacer.breathe();
          const series = heaps.seriesAt(step, position);
          const row = this.#picked.rowOf(series);
          const histogram = this.#histogramRows.get(series)?.h?.at(step);
          if (histogram === undefined) row.setFloat(step, heaps.valueAt(step, position));
          else row.setHistogram(step, histogram);
          picked++;
        }
      }
    }
    return picked;
  }
}

/** k of every step: cut to whole numbers, not negative, and no more than there are series. */
async function limits(parameter: Float64Array, seriesCount: number, pace: Pace): Promise<Int32Array> {
  const k = new Int32Array(parameter.length);
  await eachPart(k.length, pace, (from, to) => {
    for (let step = from; step < to; step++)
      k[step] = Math.max(0, Math.min(Math.trunc(parameter[step]!), seriesCount));
  });
  return k;
}
