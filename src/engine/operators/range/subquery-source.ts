import { ResetHint, type FloatHistogram } from '../../../model/histogram/float-histogram.ts';
import type { HistogramColumn } from '../../../model/histogram/histogram-column.ts';
import type { SampleBuffer } from '../../../model/sample-columns.ts';
import { nextRow, type Operator, type SeriesHeads } from '../../operator.ts';
import type { Pace, Pacer } from '../../../model/pacer.ts';
import { eachPart, isLong } from '../../row-parts.ts';
import { timeOfStep, type StepGrid } from '../../step-grid.ts';
import { StepKind, StepRow } from '../../step-row.ts';
import type { RangeSource } from './range-source.ts';

/** The steps of a subquery as samples. */
export class SubquerySource implements RangeSource {
  readonly #pacer: Pacer;
  readonly #child: Operator;
  readonly #grid: StepGrid;
  readonly #row: StepRow;
  readonly nextPaced: RangeSource['nextPaced'];
  readonly isSlow: boolean;

  constructor(pacer: Pacer, child: Operator, grid: StepGrid) {
    this.#pacer = pacer;
    this.#child = child;
    this.#grid = grid;
    this.#row = new StepRow(grid.count);
    this.isSlow = isLong(grid.count);
    if (this.isSlow) this.nextPaced = (target, pace) => this.#nextPaced(target, pace);
  }

  get series(): SeriesHeads {
    return this.#grid.count === 0 ? [] : this.#child.series;
  }

  /** Nothing is evaluated where the subquery has no step, and so nothing can fail. */
  async open(): Promise<void> {
    if (this.#grid.count === 0) return;
    await this.#child.open();
    if (this.#pacer.due()) await this.#pacer.breathe();
  }

  next(target: SampleBuffer): number {
    const index = this.#grid.count === 0 ? -1 : this.#child.next(this.#row);
    if (index < 0) return -1;
    target.clear();
    target.reserve(this.#row.length);
    this.#append(target, 0, this.#row.length);
    return index;
  }

  async #nextPaced(target: SampleBuffer, pace: Pace): Promise<number> {
    const index = await nextRow(this.#child, this.#row, pace);
    if (index < 0) return -1;
    target.clear();
    target.reserve(this.#row.length);
    await eachPart(this.#row.length, pace, (from, to) => this.#append(target, from, to));
    return index;
  }

  #append(target: SampleBuffer, from: number, to: number): void {
    const { h } = this.#row;
    if (h === undefined) this.#appendFloats(target, from, to);
    else this.#appendMixed(target, h, from, to);
  }

  /** Writes the columns itself: a month by the second has millions of steps. */
  #appendFloats(target: SampleBuffer, from: number, to: number): void {
    const { kind, v } = this.#row;
    const { t, v: values } = target;
    let { length } = target;
    for (let step = from; step < to; step++) {
      if (kind[step] !== StepKind.float) continue;
      t[length] = timeOfStep(this.#grid, step);
      values[length] = v[step]!;
      length++;
    }
    target.length = length;
  }

  #appendMixed(target: SampleBuffer, h: HistogramColumn, from: number, to: number): void {
    const { kind, v } = this.#row;
    for (let step = from; step < to; step++) {
      const time = timeOfStep(this.#grid, step);
      if (kind[step] === StepKind.float) target.push(time, v[step]!);
      else if (kind[step] === StepKind.histogram) target.pushHistogram(time, withoutOrder(h.passing(step)!));
    }
  }
}

/** A subquery may skip or repeat samples, so what a histogram says about its predecessor no longer holds. */
function withoutOrder(h: FloatHistogram): FloatHistogram {
  const { resetHint } = h;
  const keeps = resetHint === ResetHint.unknown || resetHint === ResetHint.gauge;
  return keeps ? h : { ...h, resetHint: ResetHint.unknown };
}
