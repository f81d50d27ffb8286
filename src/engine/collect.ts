import { ColumnSlab } from '../model/column-slab.ts';
import { SampleBuffer, type SampleColumns } from '../model/sample-columns.ts';
import type { MatrixSeries, VectorSample } from './answer.ts';
import type { EvalScope } from './context.ts';
import { eachRow, type Operator } from './operator.ts';
import { columnOf, eachPart } from './row-parts.ts';
import { timeOfStep } from './step-grid.ts';
import { StepKind, StepRow } from './step-row.ts';

/** Runs an operator over one step: the elements of an instant vector, in the operator's order. */
export async function collectVector(operator: Operator, scope: EvalScope): Promise<readonly VectorSample[]> {
  const samples: VectorSample[] = [];
  const t = scope.grid.start;
  await takeRows(operator, scope, (index, row) => {
    if (row.kind[0] === StepKind.absent) return;
    const h = row.kind[0] === StepKind.histogram ? row.h!.at(0) : undefined;
    samples.push({ labels: operator.series.at(index)!.labels, t, v: row.v[0]!, h });
  });
  return samples;
}

/** Runs an operator over all steps; series without any value are left out. */
export async function collectMatrix(operator: Operator, scope: EvalScope): Promise<readonly MatrixSeries[]> {
  const series: MatrixSeries[] = [];
  const rows = new KeptRows(scope);
  await takeRows(operator, scope, (index, row) => {
    const keep = (columns: SampleColumns): void => {
      if (columns.length > 0) series.push({ labels: operator.series.at(index)!.labels, columns });
    };
    const kept = rows.keep(row);
    // Waiting costs a short row more than reading it.
    if (kept instanceof Promise) return kept.then(keep);
    keep(kept);
    return undefined;
  });
  return series;
}

async function takeRows(
  operator: Operator,
  { query, grid }: EvalScope,
  take: (index: number, row: StepRow) => void | Promise<void>,
): Promise<void> {
  await operator.open();
  const row = new StepRow(grid.count);
  await eachRow(operator, row, query.pacer, (index) => take(index, row));
}

/** Copies of rows, which are kept until the answer was sent, in as little memory as they need. */
class KeptRows {
  readonly #scope: EvalScope;
  readonly #slab = new ColumnSlab();
  /** The times of all steps: one column for all series that have a value at each. */
  #times: Float64Array | undefined;

  constructor(scope: EvalScope) {
    this.#scope = scope;
  }

  /** The samples of a row. A promise for long rows, and for the first that has a value at each step. */
  keep(row: StepRow): SampleColumns | Promise<SampleColumns> {
    const { kind, length } = row;
    // Nearly all rows have a float at each step, and native code sees that many times faster than a loop.
    if (kind.includes(StepKind.absent) || kind.includes(StepKind.histogram)) {
      let present = 0;
      for (let step = 0; step < length; step++) if (kind[step] !== StepKind.absent) present++;
      return this.#fill(row, present);
    }
    return this.#times === undefined ? this.#first(row) : this.#whole(row, this.#times);
  }

  async #first(row: StepRow): Promise<SampleColumns> {
    const { grid, query } = this.#scope;
    this.#times = await columnOf(grid.count, query.pacer, (step) => timeOfStep(grid, step));
    return this.#whole(row, this.#times);
  }

  #whole({ length, v }: StepRow, t: Float64Array): SampleColumns {
    return { length, t, v: this.#slab.copy(v), h: undefined, st: undefined };
  }

  #fill(row: StepRow, present: number): SampleColumns | Promise<SampleColumns> {
    const { grid, query } = this.#scope;
    const columns = new SampleBuffer(present, this.#slab);
    if (row.h !== undefined) columns.histograms().reserveBuckets(row.h.used);
    const filled = eachPart(row.length, query.pacer, (from, to) => {
      for (let step = from; step < to; step++) {
        const t = timeOfStep(grid, step);
        if (row.kind[step] === StepKind.float) columns.push(t, row.v[step]!);
        else if (row.kind[step] === StepKind.histogram) columns.copyHistogram(t, row.h!, step);
      }
    });
    return filled?.then(() => columns) ?? columns;
  }
}
