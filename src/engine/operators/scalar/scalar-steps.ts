import { EMPTY_LABELS } from '../../../model/labels.ts';
import type { EvalScope } from '../../context.ts';
import { nextRow, type Operator, type SeriesHeads } from '../../operator.ts';
import { StepKind, StepRow } from '../../step-row.ts';
import { bug } from '../../../model/errors.ts';

const HEADS: SeriesHeads = [{ labels: EMPTY_LABELS, dropName: false }];

/** One value a step without labels: literals, time() and everything else of scalar type, and vector(). */
export class ScalarSteps implements Operator {
  readonly series: SeriesHeads = HEADS;
  readonly #compute: () => Promise<Float64Array>;
  #values: Float64Array | undefined;

  /** @param compute is called at `open` and returns one value a step. */
  constructor(compute: () => Promise<Float64Array>) {
    this.#compute = compute;
  }

  async open(): Promise<void> {
    this.#values = await this.#compute();
  }

  next(row: StepRow): number {
    const values = this.#values;
    if (values === undefined || values.length === 0) return -1;
    this.#values = undefined;
    row.clearHistograms();
    row.kind.fill(StepKind.float);
    row.v.set(values);
    return 0;
  }
}

/** Opens an operator of scalar type and returns its value at every step. */
export async function readScalar(operator: Operator, { grid, query }: EvalScope): Promise<Float64Array> {
  await operator.open();
  const row = new StepRow(grid.count);
  if (grid.count > 0 && (await nextRow(operator, row, query.pacer)) < 0)
    bug('a scalar expression had no value');
  return row.v;
}
