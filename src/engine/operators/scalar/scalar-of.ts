import type { EvalScope } from '../../context.ts';
import { type Operator, eachRow } from '../../operator.ts';
import { StepKind, StepRow } from '../../step-row.ts';
import { eachPart } from '../../row-parts.ts';

/** scalar(): at each step the value of the only float of a vector, and NaN where there is none or another. */
export async function scalarOf(child: Operator, scope: EvalScope): Promise<Float64Array> {
  const { grid, query } = scope;
  await child.open();
  const values = new Float64Array(grid.count).fill(NaN);
  const found = new Uint8Array(grid.count);
  const row = new StepRow(grid.count);
  await eachRow(child, row, query.pacer, () =>
    eachPart(row.length, query.pacer, (from, to) => {
      for (let step = from; step < to; step++) {
        if (row.kind[step] !== StepKind.float) continue;
        values[step] = found[step] === 1 ? NaN : row.v[step]!;
        found[step] = 1;
      }
    }),
  );
  return values;
}
