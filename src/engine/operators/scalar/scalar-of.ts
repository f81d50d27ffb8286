import type { EvalScope } from '../../context.ts';
import type { Operator } from '../../operator.ts';
import { StepKind, StepRow } from '../../step-row.ts';

/** scalar(): at each step the value of the only float of a vector, and NaN where there is none or another. */
export async function scalarOf(child: Operator, scope: EvalScope): Promise<Float64Array> {
  const { grid, query } = scope;
  await child.open();
  const values = new Float64Array(grid.count).fill(NaN);
  const found = new Uint8Array(grid.count);
  const row = new StepRow(grid.count);
  while (child.next(row) >= 0) {
    for (let step = 0; step < row.length; step++) {
      if (row.kind[step] !== StepKind.float) continue;
      values[step] = found[step] === 1 ? NaN : row.v[step]!;
      found[step] = 1;
    }
    if (query.pacer.due()) await query.pacer.breathe();
  }
  return values;
}
