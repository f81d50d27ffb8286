import { SampleBuffer } from '../model/sample-columns.ts';
import type { MatrixSeries, VectorSample } from './answer.ts';
import type { EvalScope } from './context.ts';
import { eachRow, type Operator } from './operator.ts';
import { eachPart } from './row-parts.ts';
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
  const keep = (index: number, columns: SampleBuffer): void => {
    if (columns.length > 0) series.push({ labels: operator.series.at(index)!.labels, columns });
  };
  await takeRows(operator, scope, (index, row) => {
    const columns = roomFor(row);
    const filled = fill(columns, row, scope);
    // Waiting costs a short row more than reading it.
    if (filled !== undefined) return after(filled, () => keep(index, columns));
    keep(index, columns);
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

async function after(done: Promise<void>, then: () => void): Promise<void> {
  await done;
  then();
}

/** As much room as the samples of a row need at most: the answer is kept until it was sent. */
function roomFor(row: StepRow): SampleBuffer {
  let present = 0;
  for (const kind of row.kind) if (kind !== StepKind.absent) present++;
  const columns = new SampleBuffer(present);
  if (row.h !== undefined) columns.histograms().reserveBuckets(row.h.used);
  return columns;
}

/** Adds the samples of a row; what comes back is a promise for long ones alone. */
function fill(columns: SampleBuffer, row: StepRow, { grid, query }: EvalScope): void | Promise<void> {
  return eachPart(row.length, query.pacer, (from, to) => {
    for (let step = from; step < to; step++) {
      const t = timeOfStep(grid, step);
      if (row.kind[step] === StepKind.float) columns.push(t, row.v[step]!);
      else if (row.kind[step] === StepKind.histogram) columns.copyHistogram(t, row.h!, step);
    }
  });
}
