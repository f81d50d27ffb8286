import type { Pace } from '../../../model/pacer.ts';
import type { Operator, SeriesHeads } from '../../operator.ts';
import type { PartCost, PartMeter } from '../../part-meter.ts';
import type { StepRow } from '../../step-row.ts';

/** Does what an operator does, and measures what that costs. */
export class Metered implements Operator {
  readonly nextPaced?: (row: StepRow, pace: Pace) => Promise<number>;
  readonly #operator: Operator;
  readonly #part: PartCost;
  readonly #meter: PartMeter;

  constructor(operator: Operator, part: PartCost, meter: PartMeter) {
    this.#operator = operator;
    this.#part = part;
    this.#meter = meter;
    if (operator.nextPaced !== undefined)
      this.nextPaced = (row, pace) => this.#measured(() => operator.nextPaced!(row, pace));
  }

  get series(): SeriesHeads {
    return this.#operator.series;
  }

  get isDistinct(): boolean | undefined {
    return this.#operator.isDistinct;
  }

  async open(): Promise<void> {
    await this.#measured(() => this.#operator.open());
  }

  next(row: StepRow): number {
    const began = this.#meter.begin(this.#part);
    const index = this.#operator.next(row);
    this.#meter.end(this.#part, began);
    return index;
  }

  async #measured<T>(work: () => Promise<T>): Promise<T> {
    const began = this.#meter.begin(this.#part);
    const result = await work();
    this.#meter.end(this.#part, began);
    return result;
  }
}
