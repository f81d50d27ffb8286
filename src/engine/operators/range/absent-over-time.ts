import type { Labels } from '../../../model/labels.ts';
import { SampleBuffer } from '../../../model/sample-columns.ts';
import type { EvalScope } from '../../context.ts';
import type { Operator, SeriesHeads } from '../../operator.ts';
import type { StepRow } from '../../step-row.ts';
import { nextSeries, type RangeSource } from './range-source.ts';
import { type RangeWindows, countWindows, countWindowsPaced } from './range-windows.ts';
import { SeenSteps } from '../shape/seen-steps.ts';
import { isLong } from '../../row-parts.ts';

/** absent_over_time(): 1 at the steps whose window holds no sample of any series. */
export class AbsentOverTime implements Operator {
  readonly series: SeriesHeads;
  readonly #scope: EvalScope;
  readonly #source: RangeSource;
  readonly #windows: RangeWindows;
  readonly #seen: SeenSteps;

  constructor(scope: EvalScope, source: RangeSource, windows: RangeWindows, labels: Labels) {
    this.series = [{ labels, dropName: true }];
    this.#scope = scope;
    this.#source = source;
    this.#windows = windows;
    this.#seen = new SeenSteps(scope.grid.count);
  }

  async open(): Promise<void> {
    const { pacer } = this.#scope.query;
    const seen = this.#seen.at;
    await this.#source.open();
    await this.#windows.open(pacer);
    const buffer = new SampleBuffer();
    const { lo, hi } = this.#windows;
    for (;;) {
      const next = nextSeries(this.#source, buffer, pacer);
      if ((typeof next === 'number' ? next : await next) < 0) return;
      if (isLong(lo.length)) {
        await this.#windows.locatePaced(buffer, pacer);
        await countWindowsPaced(this.#windows, buffer, this.#scope.counts, pacer);
      } else {
        this.#windows.locate(buffer);
        countWindows(this.#windows, buffer, this.#scope.counts);
      }
      for (let step = 0; step < lo.length; step++) if (hi[step]! > lo[step]!) seen[step] = 1;
      if (pacer.due()) await pacer.breathe();
    }
  }

  next(row: StepRow): number {
    return this.#seen.nextAbsent(row);
  }
}
