import { ResetHint, type FloatHistogram } from '../../../model/histogram/float-histogram.ts';
import type { SampleBuffer } from '../../../model/sample-columns.ts';
import type { Operator, SeriesHead } from '../../operator.ts';
import type { Pacer } from '../../../model/pacer.ts';
import { timeOfStep, type StepGrid } from '../../step-grid.ts';
import { StepKind, StepRow } from '../../step-row.ts';
import type { RangeSource } from './range-source.ts';

/** The steps of a subquery as samples. */
export class SubquerySource implements RangeSource {
  readonly #pacer: Pacer;
  readonly #child: Operator;
  readonly #grid: StepGrid;
  readonly #row: StepRow;

  constructor(pacer: Pacer, child: Operator, grid: StepGrid) {
    this.#pacer = pacer;
    this.#child = child;
    this.#grid = grid;
    this.#row = new StepRow(grid.count);
  }

  get series(): readonly SeriesHead[] {
    return this.#grid.count === 0 ? [] : this.#child.series;
  }

  /** Nothing is evaluated where the subquery has no step, and so nothing can fail. */
  async open(): Promise<void> {
    if (this.#grid.count === 0) return;
    await this.#child.open();
    // Rows of many steps take their time to lay out.
    if (this.#pacer.due()) await this.#pacer.breathe();
  }

  next(target: SampleBuffer): number {
    const index = this.#grid.count === 0 ? -1 : this.#child.next(this.#row);
    if (index >= 0) this.#copyTo(target);
    return index;
  }

  #copyTo(target: SampleBuffer): void {
    target.clear();
    target.reserve(this.#row.length);
    if (this.#row.h === undefined) this.#copyFloats(target);
    else this.#copyMixed(target, this.#row.h);
  }

  /** Writes the columns itself: a month by the second has millions of steps. */
  #copyFloats(target: SampleBuffer): void {
    const { kind, v } = this.#row;
    const { t, v: values } = target;
    if (!kind.includes(StepKind.absent)) {
      for (let step = 0; step < kind.length; step++) t[step] = timeOfStep(this.#grid, step);
      values.set(v);
      target.length = kind.length;
      return;
    }
    let length = 0;
    for (let step = 0; step < kind.length; step++) {
      if (kind[step] !== StepKind.float) continue;
      t[length] = timeOfStep(this.#grid, step);
      values[length] = v[step]!;
      length++;
    }
    target.length = length;
  }

  #copyMixed(target: SampleBuffer, h: readonly (FloatHistogram | undefined)[]): void {
    const { kind, v } = this.#row;
    for (let step = 0; step < kind.length; step++) {
      const time = timeOfStep(this.#grid, step);
      if (kind[step] === StepKind.float) target.push(time, v[step]!);
      else if (kind[step] === StepKind.histogram) target.pushHistogram(time, withoutOrder(h[step]!));
    }
  }
}

/** A subquery may skip or repeat samples, so what a histogram says about its predecessor no longer holds. */
function withoutOrder(h: FloatHistogram): FloatHistogram {
  const { resetHint } = h;
  const keeps = resetHint === ResetHint.unknown || resetHint === ResetHint.gauge;
  return keeps ? h : { ...h, resetHint: ResetHint.unknown };
}
