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
  await takeRows(operator, scope, async (index, row) => {
    const columns = await samplesOf(row, scope);
    if (columns.length > 0) series.push({ labels: operator.series.at(index)!.labels, columns });
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

async function samplesOf(row: StepRow, { grid, query }: EvalScope): Promise<SampleBuffer> {
  let present = 0;
  for (const kind of row.kind) if (kind !== StepKind.absent) present++;
  const columns = new SampleBuffer(present);
  // As much as is needed at most: the answer is kept until it was sent.
  if (row.h !== undefined) columns.histograms().reserveBuckets(row.h.used);
  await eachPart(row.length, query.pacer, (from, to) => {
    for (let step = from; step < to; step++) {
      const t = timeOfStep(grid, step);
      if (row.kind[step] === StepKind.float) columns.push(t, row.v[step]!);
      else if (row.kind[step] === StepKind.histogram) columns.copyHistogram(t, row.h!, step);
    }
  });
  return columns;
}
