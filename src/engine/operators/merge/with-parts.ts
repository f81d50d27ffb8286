import type { Pace } from '../../../model/pacer.ts';
import { nextRow, type Operator, type SeriesHeads } from '../../operator.ts';
import type { PartialSeries } from '../../series-source.ts';
import { timeOfStep, type StepGrid } from '../../step-grid.ts';
import type { StepRow } from '../../step-row.ts';

/** The groups of an aggregation that were made here, and behind them those that came from elsewhere. */
export class WithParts implements Operator {
  series: SeriesHeads = [];
  readonly #grid: StepGrid;
  readonly #child: Operator;
  readonly #parts: readonly PartialSeries[];
  #own = 0;
  #next = 0;

  constructor(grid: StepGrid, child: Operator, parts: readonly PartialSeries[]) {
    this.#grid = grid;
    this.#child = child;
    this.#parts = parts;
  }

  async open(): Promise<void> {
    await this.#child.open();
    this.#own = this.#child.series.length;
    this.series = [...this.#child.series, ...this.#parts.map(({ labels }) => ({ labels, dropName: false }))];
  }

  next(row: StepRow): number {
    const index = this.#child.next(row);
    return index < 0 ? this.#nextPart(row) : index;
  }

  async nextPaced(row: StepRow, pace: Pace): Promise<number> {
    const index = await nextRow(this.#child, row, pace);
    return index < 0 ? this.#nextPart(row) : index;
  }

  #nextPart(row: StepRow): number {
    const part = this.#parts[this.#next];
    if (part === undefined) return -1;
    row.clear();
    const { start, interval } = this.#grid;
    const { t, v, length } = part.values;
    for (let i = 0; i < length; i++) row.setFloat((t[i]! - start) / interval, v[i]!);
    return this.#own + this.#next++;
  }
}

/** Whether all values of a group lie on steps of a grid, in their order. */
export function isOnSteps(grid: StepGrid, { values: { t, length } }: PartialSeries): boolean {
  const last = timeOfStep(grid, grid.count - 1);
  for (let i = 0; i < length; i++) {
    const at = t[i]!;
    if (at < grid.start || at > last || (at - grid.start) % grid.interval !== 0) return false;
    if (i > 0 && at <= t[i - 1]!) return false;
  }
  return true;
}
