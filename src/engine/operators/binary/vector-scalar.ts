import { withoutMetricIdentity } from '../../../model/labels.ts';
import type { EvalScope } from '../../context.ts';
import type { BinaryKernel } from '../../kernels/binary.ts';
import type { KernelNotes } from '../../kernels/range-kernel.ts';
import { type Operator, nextRow, type SeriesHeads } from '../../operator.ts';
import { StepRow } from '../../step-row.ts';
import { LastRemarks } from './last-remarks.ts';
import type { Pace } from '../../../model/pacer.ts';
import { computeInParts } from '../../row-parts.ts';

export interface VectorScalarParts {
  readonly vector: Operator;
  readonly scalar: Operator;
  readonly scalarIsLeft: boolean;
  readonly kernel: BinaryKernel;
  /** The result is another quantity than the vector, so that its name goes. */
  readonly changesMeaning: boolean;
  readonly notes: KernelNotes;
}

/** A binary operation between each series of a vector and a scalar. */
export class VectorScalar implements Operator {
  series: SeriesHeads = [];
  readonly #scope: EvalScope;
  readonly #parts: VectorScalarParts;
  readonly #scalar: StepRow;
  readonly #input: StepRow;
  readonly #remarks: LastRemarks;

  constructor(scope: EvalScope, parts: VectorScalarParts) {
    this.#scope = scope;
    this.#parts = parts;
    this.#remarks = new LastRemarks(parts.notes);
    this.#scalar = new StepRow(scope.grid.count);
    this.#input = new StepRow(scope.grid.count);
  }

  async open(): Promise<void> {
    const { vector, scalar, scalarIsLeft, changesMeaning } = this.#parts;
    // In the order of the query: what fails first is what the query fails with.
    if (!scalarIsLeft) await vector.open();
    await scalar.open();
    if (scalarIsLeft) await vector.open();
    const { delayNameRemoval: delayed, pacer } = this.#scope.query;
    await nextRow(scalar, this.#scalar, pacer);
    if (pacer.due()) await pacer.breathe();
    this.series = changesMeaning
      ? await pacer.map(vector.series, ({ labels }) => ({
          labels: delayed ? labels : withoutMetricIdentity(labels),
          dropName: true,
        }))
      : vector.series;
  }

  next(row: StepRow): number {
    const { vector, scalarIsLeft, kernel } = this.#parts;
    const index = vector.next(this.#input);
    if (index < 0) {
      this.#remarks.flush();
      return -1;
    }
    row.clear();
    if (scalarIsLeft) kernel(this.#scalar, this.#input, row, this.#remarks);
    else kernel(this.#input, this.#scalar, row, this.#remarks);
    return index;
  }

  async nextPaced(row: StepRow, pace: Pace): Promise<number> {
    const { vector, scalarIsLeft, kernel } = this.#parts;
    const index = await nextRow(vector, this.#input, pace);
    if (index < 0) {
      this.#remarks.flush();
      return -1;
    }
    row.clear();
    const sides = scalarIsLeft ? [this.#scalar, this.#input] : [this.#input, this.#scalar];
    await computeInParts(sides, row, pace, ([left, right], out, from) =>
      kernel(left!, right!, out, this.#remarks.from(from)),
    );
    return index;
  }
}
